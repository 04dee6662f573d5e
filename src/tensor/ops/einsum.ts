import { axisSize, formatShape, ShapeError } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { matmul } from './matmul.ts'
import { reduceSum } from './reduction.ts'
import { reshape, transpose } from './shaping.ts'
import { slice } from './slicing.ts'

/** A tensor whose axes have names. */
interface Labelled {
  readonly tensor: Tensor
  readonly labels: readonly string[]
}

type Sizes = ReadonlyMap<string, number>

function parse(equation: string, operands: readonly Tensor[]) {
  const match = /^([a-zA-Z]*(?:,[a-zA-Z]*)*)(?:->([a-zA-Z]*))?$/.exec(equation.replaceAll(' ', ''))
  if (match === null)
    throw new ShapeError(`einsum: "${equation}" is no equation; write one letter an axis, as in "bij,bjk->bik"`)
  const terms = (match[1] ?? '').split(',').map((term) => [...term])
  if (terms.length !== operands.length || operands.length > 3)
    throw new ShapeError(
      `einsum: "${equation}" has ${terms.length} operands on the left, but ${operands.length} tensors came in; ` +
        'the numbers must be equal, and at most 3',
    )
  const sizes = new Map<string, number>()
  const inputs = operands.map((tensor, i): Labelled => {
    const labels = terms[i] ?? []
    if (labels.length !== tensor.shape.length)
      throw new ShapeError(
        `einsum: "${labels.join('')}" of "${equation}" does not fit ${formatShape(tensor.shape)}; write one letter an axis`,
      )
    for (const [axis, label] of labels.entries()) {
      const size = axisSize(tensor.shape, axis)
      if ((sizes.get(label) ?? size) !== size)
        throw new ShapeError(
          `einsum: "${label}" of "${equation}" is ${sizes.get(label)} in one place and ${size} in another`,
        )
      sizes.set(label, size)
    }
    return { tensor, labels }
  })
  const all = terms.flat()
  // Without an arrow, as in NumPy: the letters that come once, in alphabetical order.
  const output =
    match[2] === undefined ? all.filter((label) => all.indexOf(label) === all.lastIndexOf(label)).sort() : [...match[2]]
  for (const [i, label] of output.entries())
    if (!sizes.has(label) || output.indexOf(label) !== i)
      throw new ShapeError(
        `einsum: "${label}" of the result of "${equation}" must come on the left, and once on the right`,
      )
  return { inputs, output, sizes }
}

/** Takes the diagonal where a letter comes twice, then sums letters that `keep` lacks. */
function simplify({ tensor, labels }: Labelled, keep: ReadonlySet<string>): Labelled {
  const twice = labels.find((label, axis) => labels.indexOf(label) !== axis)
  if (twice !== undefined) {
    const [first, second] = [labels.indexOf(twice), labels.lastIndexOf(twice)]
    const rest = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second)
    const size = axisSize(tensor.shape, first)
    const front = transpose(tensor, [first, second, ...rest])
    const others = rest.map((axis) => axisSize(tensor.shape, axis))
    const flat = reshape(front, [size * size, ...others])
    const diagonal = slice(flat, { axes: [0], starts: [0], ends: [size * size], steps: [size + 1] })
    return simplify({ tensor: diagonal, labels: [twice, ...rest.map((axis) => labels[axis] ?? '')] }, keep)
  }
  const axes = labels.flatMap((label, axis) => (keep.has(label) ? [] : [axis]))
  if (axes.length === 0) return { tensor, labels }
  return { tensor: reduceSum(tensor, { axes }), labels: labels.filter((label) => keep.has(label)) }
}

/** Transposed to `order`, all of whose letters it has. */
const arrange = ({ tensor, labels }: Labelled, order: readonly string[]): Tensor =>
  transpose(
    tensor,
    order.map((label) => labels.indexOf(label)),
  )

/** One product: letters that `keep` has stay, those that only the two have are summed, by a batched matrix product. */
function contract(a: Labelled, b: Labelled, keep: ReadonlySet<string>, sizes: Sizes): Labelled {
  const left = simplify(a, new Set([...keep, ...b.labels]))
  const right = simplify(b, new Set([...keep, ...a.labels]))
  const shared = left.labels.filter((label) => right.labels.includes(label))
  const batch = shared.filter((label) => keep.has(label))
  const summed = shared.filter((label) => !keep.has(label))
  const rows = left.labels.filter((label) => !shared.includes(label))
  const columns = right.labels.filter((label) => !shared.includes(label))
  const shapeOf = (labels: readonly string[]) => labels.map((label) => sizes.get(label) ?? 1)
  const count = (labels: readonly string[]) => shapeOf(labels).reduce((product, size) => product * size, 1)
  const labels = [...batch, ...rows, ...columns]
  if (summed.length === 0) {
    const spread = (one: Labelled, own: readonly string[], before: number, after: number) =>
      reshape(arrange(one, [...batch, ...own]), [
        ...shapeOf(batch),
        ...Array.from({ length: before }, () => 1),
        ...shapeOf(own),
        ...Array.from({ length: after }, () => 1),
      ])
    return { tensor: mul(spread(left, rows, 0, columns.length), spread(right, columns, rows.length, 0)), labels }
  }
  const lead = batch.length > 0 ? [count(batch)] : []
  const first = reshape(arrange(left, [...batch, ...rows, ...summed]), [...lead, count(rows), count(summed)])
  const second = reshape(arrange(right, [...batch, ...summed, ...columns]), [...lead, count(summed), count(columns)])
  return { tensor: reshape(matmul(first, second), shapeOf(labels)), labels }
}

/**
 * Einstein's summation over up to three tensors, as NumPy's `einsum`: one letter an axis, letters that the result lacks
 * are summed, a letter that comes twice in one operand takes its diagonal. Tensors are multiplied from the left.
 *
 * @param equation `'bij,bjk->bik'`; without `->` the result has the letters that come once, in alphabetical order
 * @throws ShapeError naming the letter or the operand that does not fit
 * @example
 * einsum('bqd,bkd->bqk', queries, keys)
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const { inputs, output, sizes } = parse(equation, operands)
  const [first, ...rest] = inputs
  if (first === undefined) throw new ShapeError('einsum: needs at least one tensor')
  const product = rest.reduce((left, right, i) => {
    const later = rest.slice(i + 1).flatMap(({ labels }) => labels)
    return contract(left, right, new Set([...output, ...later]), sizes)
  }, first)
  return arrange(simplify(product, new Set(output)), output)
}
