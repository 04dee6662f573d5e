import * as ops from '../../tensor/index.ts'
import type { Steps } from './elementwise.ts'
import type { Sketch } from './sketch.ts'

const last = (shape: ops.Shape, fromEnd = 1): number => shape.at(-fromEnd) ?? 1
const pairOf = (s: Sketch, least: number, most: number) => [s.number(least, most), s.number(least, most)] as const

/** Geometry in which a kernel fits on every map: what it would lack is padded. */
function geometry(s: Sketch, height: number, width: number) {
  const kernel = pairOf(s, 1, 3)
  const dilation = s.number(0, 3) === 3 ? ([2, 1] as const) : ([1, 1] as const)
  const lacking = (size: number, i: 0 | 1) => Math.max(0, dilation[i] * (kernel[i] - 1) + 1 - size)
  const [top, left] = [lacking(height, 0), lacking(width, 1)]
  const padding = [top + s.number(0, 1), left + s.number(0, 1), s.number(0, 1), s.number(0, 1)] as const
  return { kernel, dilation, padding, stride: pairOf(s, 1, 2) }
}

const biasFor = (s: Sketch, size: number) => (s.coin() ? { bias: s.fresh([size]) } : {})
/** Groups that divide a number of channels. */
const groupsOf = (s: Sketch, channels: number): number => s.one(1, channels, channels % 2 === 0 ? 2 : 1)

export const products: Steps = {
  matmul: (s) => {
    const x = s.ofRank(s.number(2, 3))
    const w = s.fresh([...(s.coin() ? x.shape.slice(0, -2) : []), last(x.shape), s.number(1, 3)])
    const y = ops.div(ops.matmul(x, w), last(x.shape))
    return s.coin() ? ops.add(y, s.fresh([last(y.shape)])) : y
  },
  turnedMatmul: (s) => {
    const x = s.ofRank(s.number(2, 3))
    const w = s.fresh([s.number(1, 3), last(x.shape, 2)])
    return ops.add(ops.matmul(ops.swapLastAxes(x), ops.transpose(w)), s.one(0, 1))
  },
  gram: (s) => {
    const x = s.ofRank(2)
    return ops.tanh(ops.matmul(x, ops.transpose(x)))
  },
  gemm: (s) => {
    const x = s.ofRank(2)
    const [transA, transB, columns] = [s.coin(), s.coin(), s.number(1, 3)]
    const [rows, inner] = [last(x.shape, transA ? 1 : 2), last(x.shape, transA ? 2 : 1)]
    const w = s.fresh(transB ? [columns, inner] : [inner, columns])
    const bias = s.one(undefined, [columns], [1, columns], [rows, 1], [rows, columns], [])
    return ops.gemm(x, w, { transA, transB, ...(bias && { bias: s.fresh(bias) }) })
  },
  einsum: (s) => {
    const x = s.ofRank(2)
    const [i, j] = [last(x.shape, 2), last(x.shape)]
    return s.one(
      () => ops.einsum('ij,jk->ki', x, s.fresh([j, 2])),
      () => ops.einsum('ij,ij->i', x, s.fresh([i, j])),
      () => ops.einsum('ij,k->ikj', x, s.fresh([2])),
    )()
  },
  conv2d: (s) => {
    const x = s.ofRank(4)
    const [, channels = 1, height = 1, width = 1] = x.shape
    const { kernel, ...options } = geometry(s, height, width)
    const groups = groupsOf(s, channels)
    const out = groups * s.number(1, 2)
    const y = ops.conv2d(x, s.fresh([out, channels / groups, ...kernel]), { ...options, groups, ...biasFor(s, out) })
    return s.coin() ? ops.add(y, s.fresh([s.one(1, out), 1, 1])) : y
  },
  // Enough channels for ONNX Runtime's blocked layout, one convolution after the other, with a pool or a sum between.
  wideConvs: (s) => {
    const x = s.ofRank(4)
    const [, channels = 1, height = 1, width = 1] = x.shape
    const small = ops.slice(x, { starts: [0, 0, 0, 0], ends: [1, channels, Math.min(3, height), Math.min(3, width)] })
    const wide = ops.conv2d(small, s.fresh([16, channels, 1, 1]), biasFor(s, 16))
    const between = s.one(ops.tanh, ops.neg, (map) => ops.relu(s.apart(map)))(wide)
    const out = s.one(16, 8, 1)
    const kernel = s.one(1, 3)
    const y = ops.conv2d(between, s.fresh([out, 16, kernel, kernel]), {
      padding: kernel === 3 ? 1 : 0,
      ...biasFor(s, out),
    })
    return out === 16 && s.coin() ? ops.add(y, wide) : y
  },
  convTranspose2d: (s) => {
    const x = s.ofRank(4)
    const [, channels = 1] = x.shape
    const [kernel, stride] = [pairOf(s, 1, 3), pairOf(s, 1, 2)]
    const groups = groupsOf(s, channels)
    const perGroup = s.number(1, 2)
    const outputPadding = [s.number(0, stride[0] - 1), s.number(0, stride[1] - 1)] as const
    return ops.convTranspose2d(x, s.fresh([channels, perGroup, ...kernel]), {
      stride,
      outputPadding,
      groups,
      padding: [0, 0, kernel[0] > 1 ? s.number(0, 1) : 0, kernel[1] > 1 ? s.number(0, 1) : 0],
      ...biasFor(s, perGroup * groups),
    })
  },
  conv1d: (s) => {
    const x = s.ofRank(3)
    const [, channels = 1, length = 1] = x.shape
    const kernel = s.number(1, Math.min(3, length))
    const stride = s.number(1, 2)
    return s.coin()
      ? ops.conv1d(x, s.fresh([2, channels, kernel]), { stride, padding: [0, s.number(0, 1)] })
      : ops.convTranspose1d(x, s.fresh([channels, 2, kernel]), { stride })
  },
}
