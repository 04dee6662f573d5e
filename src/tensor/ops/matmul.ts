import { at, broadcastStrides, forEachIndex, ndarray, offsetOf } from '../ndarray.ts'
import { axisSize, broadcastShapes, formatShape, type Shape, ShapeError, sizeOf } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { commonDtype, unbroadcast } from './operands.ts'
import { swapLastAxes } from './shaping.ts'

export const matmulOperation = defineOperation<Record<string, never>>({
  name: 'matMul',
  infer: (inputs) => {
    const [a, b] = inputs.map((input) => input.shape)
    if (a === undefined || b === undefined || a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2))
      throw new ShapeError(
        `matMul: ${formatShape(a ?? [])} and ${formatShape(b ?? [])} do not fit: both need at least 2 axes, and the last ` +
          `axis of the first (${a?.at(-1)}) must equal the second-to-last of the second (${b?.at(-2)})`,
      )
    const batch = broadcastShapes('matMul', a.slice(0, -2), b.slice(0, -2))
    return {
      dtype: commonDtype('matMul', inputs, 'float32'),
      shape: [...batch, axisSize(a, a.length - 2), axisSize(b, b.length - 1)],
    }
  },
  reference: ([a, b], _, { shape }) => {
    const out = ndarray(shape)
    if (a === undefined || b === undefined) return out
    const inner = axisSize(a.shape, a.shape.length - 1)
    const columns = axisSize(shape, shape.length - 1)
    const row = shape.length - 2
    const batch = shape.slice(0, -2)
    const strideA = broadcastStrides(a.shape.slice(0, -2), batch).map((s) => s * sizeOf(a.shape.slice(-2)))
    const strideB = broadcastStrides(b.shape.slice(0, -2), batch).map((s) => s * sizeOf(b.shape.slice(-2)))
    forEachIndex(shape, (index, flat) => {
      const startA = offsetOf(index.slice(0, row), strideA) + axisSize(index, row) * inner
      const startB = offsetOf(index.slice(0, row), strideB) + axisSize(index, row + 1)
      let total = 0
      for (let k = 0; k < inner; k++) total += at(a, startA + k) * at(b, startB + k * columns)
      out.data[flat] = total
    })
    return out
  },
  vjp: ({ inputs: [a, b], cotangent }) =>
    a === undefined || b === undefined
      ? []
      : [unbroadcast(matmul(cotangent, swapLastAxes(b)), a), unbroadcast(matmul(swapLastAxes(a), cotangent), b)],
  macs: ([a], { shape }) => sizeOf(shape) * axisSize(a?.shape ?? [], (a?.shape.length ?? 0) - 1),
})

/**
 * Matrix product over the two last axes; the axes before them broadcast.
 *
 * @param a `[..., n, k]`
 * @param b `[..., k, m]`
 * @returns `[..., n, m]`
 */
export const matmul = (a: Tensor, b: Tensor): Tensor => matmulOperation.apply([a, b], {})

export interface GemmAttributes {
  readonly transA: boolean
  readonly transB: boolean
}

const transposed = (shape: Shape, swap: boolean): Shape => (swap ? [...shape].reverse() : shape)

export const gemmOperation = defineOperation<GemmAttributes>({
  name: 'gemm',
  infer: (inputs, { transA, transB }) => {
    const [a, b, c] = inputs
    const left = transposed(a?.shape ?? [], transA)
    const right = transposed(b?.shape ?? [], transB)
    if (left.length !== 2 || right.length !== 2 || left[1] !== right[0])
      throw new ShapeError(
        `gemm: ${formatShape(left)} and ${formatShape(right)} do not fit: both must be matrices, and the columns of the ` +
          `first (${left[1]}) must equal the rows of the second (${right[0]})`,
      )
    const shape = [axisSize(left, 0), axisSize(right, 1)]
    if (c !== undefined && formatShape(broadcastShapes('gemm', c.shape, shape)) !== formatShape(shape))
      throw new ShapeError(`gemm: a bias of shape ${formatShape(c.shape)} does not broadcast to ${formatShape(shape)}`)
    return { dtype: commonDtype('gemm', inputs, 'float32'), shape }
  },
  reference: ([a, b, c], { transA, transB }, { shape }) => {
    const out = ndarray(shape)
    if (a === undefined || b === undefined) return out
    const [rowA, innerA] = transA ? [1, axisSize(a.shape, 1)] : [axisSize(a.shape, 1), 1]
    const [innerB, columnB] = transB ? [1, axisSize(b.shape, 1)] : [axisSize(b.shape, 1), 1]
    const inner = axisSize(transposed(a.shape, transA), 1)
    const strideC = c === undefined ? [] : broadcastStrides(c.shape, shape)
    forEachIndex(shape, (index, flat) => {
      const [i = 0, j = 0] = index
      let total = c === undefined ? 0 : at(c, offsetOf(index, strideC))
      for (let k = 0; k < inner; k++) total += at(a, i * rowA + k * innerA) * at(b, k * innerB + j * columnB)
      out.data[flat] = total
    })
    return out
  },
  vjp: ({ inputs: [a, b, c], cotangent: g, attributes: { transA, transB } }) => {
    if (a === undefined || b === undefined) return []
    return [
      transA ? gemm(b, g, { transA: transB, transB: true }) : gemm(g, b, { transB: !transB }),
      transB ? gemm(g, a, { transA: true, transB: transA }) : gemm(a, g, { transA: !transA }),
      c === undefined ? undefined : unbroadcast(g, c),
    ]
  },
  macs: ([a], { shape }, { transA }) => sizeOf(shape) * axisSize(transposed(a?.shape ?? [], transA), 1),
})

/**
 * `a · b + bias` of two matrices, either of them transposed first (ONNX's Gemm).
 *
 * @param a `[n, k]`, or `[k, n]` with `transA`
 * @param b `[k, m]`, or `[m, k]` with `transB`
 * @param options.bias broadcasts to `[n, m]`; default none
 * @returns `[n, m]`
 */
export function gemm(
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, bias }: { transA?: boolean; transB?: boolean; bias?: Tensor } = {},
): Tensor {
  return gemmOperation.apply(bias === undefined ? [a, b] : [a, b, bias], { transA, transB })
}
