import type { Tensor } from '../../../tensor/index.ts'
import { flipOperation } from '../../../tensor/ops/arranging.ts'
import { sliceOperation } from '../../../tensor/ops/slicing.ts'
import { axisSize } from '../../../tensor/shape.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

export const slicing: readonly (readonly [string, Lowering])[] = [
  lower(sliceOperation, (context, tensor, inputs, { starts, ends, steps }) => {
    const { builder } = context
    return (
      partOfSplit(context, tensor, inputs) ??
      builder.node('Slice', [
        ...inputs,
        builder.int64(starts),
        builder.int64(ends),
        builder.int64(starts.map((_start, axis) => axis)),
        builder.int64(steps),
      ])
    )
  }),
  lower(flipOperation, ({ builder }, _, inputs, { axes }) => {
    const all = (value: number) => builder.int64(axes.map(() => value))
    return builder.node('Slice', [...inputs, all(-1), all(-(2 ** 31)), builder.int64(axes), all(-1)])
  }),
]

/** From where to where a slice cuts one axis, and nothing else. */
interface Stretch {
  readonly axis: number
  readonly start: number
  readonly end: number
}

function stretchOf(slice: Tensor): Stretch | undefined {
  const { starts, ends, steps } = sliceOperation.attributesOf(slice)
  const whole = slice.inputs[0]?.shape ?? []
  const cut = whole.flatMap((size, axis) => (starts[axis] === 0 && ends[axis] === size ? [] : [axis]))
  const [axis] = cut
  if (axis === undefined || cut.length > 1 || steps.some((step) => step !== 1)) return undefined
  return { axis, start: axisSize(starts, axis), end: axisSize(ends, axis) }
}

/**
 * Slices that divide one axis of a tensor between them are the outputs of one Split: every node takes microseconds, and a
 * vector of all parameters has a slice for each. What lies between them is split off too, as long as it is the smaller part.
 */
function partOfSplit(context: LoweringContext, tensor: Tensor, [value = '']: readonly string[]): string | undefined {
  const [whole] = tensor.inputs
  const own = stretchOf(tensor)
  if (whole === undefined || own === undefined || !['float32', 'int32'].includes(whole.dtype)) return undefined
  const byStart = new Map<number, Stretch>()
  for (const slice of context.usesOf(whole, sliceOperation.name)) {
    const stretch = stretchOf(slice)
    if (stretch?.axis !== own.axis) continue
    const before = byStart.get(stretch.start)
    if (before !== undefined && before.end !== stretch.end) return undefined
    byStart.set(stretch.start, stretch)
  }
  const stretches = [...byStart.values()].sort((a, b) => a.start - b.start)
  const size = axisSize(whole.shape, own.axis)
  const taken = stretches.reduce((sum, { start, end }) => sum + end - start, 0)
  const overlap = stretches.some(({ start }, i) => start < (stretches[i - 1]?.end ?? 0))
  if (stretches.length < 2 || overlap || taken * 2 < size) return undefined

  const bounds = [...new Set([0, ...stretches.flatMap(({ start, end }) => [start, end]), size])].sort((a, b) => a - b)
  const parts = context.once(`split ${value} ${own.axis}`, () => {
    const sizes = bounds.slice(1).map((bound, i) => bound - (bounds[i] ?? 0))
    return context.builder.nodeOf(sizes.length, 'Split', [value, context.builder.int64(sizes)], { axis: own.axis })
  })
  return parts[bounds.indexOf(own.start)]
}
