import { add, concat, pad, sameShape, slice, type Tensor } from '../../tensor/index.ts'
import { concatOperation, type PadAttributes, padOperation, sliceOperation } from '../../tensor/ops/slicing.ts'
import { axisSize } from '../../tensor/shape.ts'
import { named, type Rule, type Surroundings } from './rule.ts'

/** A slice that stays inside what was padded, or inside one of the parts that were joined, needs no padding or joining. */
const sliceOfPart: Rule = (tensor) => {
  const [whole] = tensor.inputs
  if (!named(tensor, 'slice') || whole === undefined) return undefined
  const { starts, ends, steps } = sliceOperation.attributesOf(tensor)
  const within = (part: Tensor, before: readonly number[]): Tensor | undefined => {
    const from = starts.map((start, axis) => start - axisSize(before, axis))
    const to = ends.map((end, axis) => end - axisSize(before, axis))
    const isInside = part.shape.every((size, axis) => axisSize(from, axis) >= 0 && axisSize(to, axis) <= size)
    return isInside ? slice(part, { starts: from, ends: to, steps }) : undefined
  }
  const [x] = whole.inputs
  if (whole.operation === padOperation && x !== undefined) return within(x, padOperation.attributesOf(whole).before)
  if (whole.operation !== concatOperation) return undefined
  const { axis } = concatOperation.attributesOf(whole)
  let start = 0
  for (const part of whole.inputs) {
    const found = within(
      part,
      starts.map((_, i) => (i === axis ? start : 0)),
    )
    if (found !== undefined) return found
    start += axisSize(part.shape, axis)
  }
  return undefined
}

/** Slices of one tensor, joined again where they were cut, are a slice of it. */
const joined: Rule = (tensor) => {
  const [first] = tensor.inputs
  if (tensor.operation !== concatOperation || first?.operation !== sliceOperation) return undefined
  const { axis } = concatOperation.attributesOf(tensor)
  const [x] = first.inputs
  const { starts, steps } = sliceOperation.attributesOf(first)
  let end = axisSize(starts, axis)
  for (const part of tensor.inputs) {
    if (part.operation !== sliceOperation || part.inputs[0] !== x) return undefined
    const own = sliceOperation.attributesOf(part)
    const isNext = own.starts.every((start, i) => start === (i === axis ? end : starts[i]))
    if (!isNext || own.steps.some((step, i) => step !== steps[i] || (i === axis && step !== 1))) return undefined
    end += axisSize(part.shape, axis)
  }
  const ends = starts.map((start, i) => start + (axisSize(tensor.shape, i) - 1) * axisSize(steps, i) + 1)
  return x && slice(x, { starts, ends, steps })
}

/** Terms of a sum that nothing else needs in between. */
const termsOf = (tensor: Tensor, isUsedOnce: Surroundings['isUsedOnce']): Tensor[] =>
  named(tensor, 'add') ? tensor.inputs.flatMap((one) => (isUsedOnce(one) ? termsOf(one, isUsedOnce) : [one])) : [tensor]

interface Padded {
  readonly term: number
  /** With its padding. */
  readonly whole: Tensor
  readonly part: Tensor
  readonly padding: PadAttributes
}

function paddedWithZeros(tensor: Tensor, term: number): Padded | undefined {
  const [part] = tensor.inputs
  if (tensor.operation !== padOperation || part === undefined) return undefined
  const padding = padOperation.attributesOf(tensor)
  return padding.value === 0 ? { term, whole: tensor, part, padding } : undefined
}

/** Where `next` begins right behind `before` along one axis, and they are padded alike along the others: that axis. */
function seam(before: Padded, next: Padded): number | undefined {
  // One that broadcasts to the other is in more places than its own.
  if (!sameShape(before.whole.shape, next.whole.shape)) return undefined
  const differing = before.part.shape.flatMap((size, axis) => {
    const [left, right] = [before.padding, next.padding].map((one) => [
      axisSize(one.before, axis),
      axisSize(one.after, axis),
    ])
    const isSame = size === axisSize(next.part.shape, axis) && left?.join() === right?.join()
    return isSame ? [] : [axis]
  })
  const [axis = 0] = differing
  const isBehind =
    axisSize(next.padding.before, axis) === axisSize(before.padding.before, axis) + axisSize(before.part.shape, axis)
  return differing.length === 1 && isBehind ? axis : undefined
}

/**
 * Parts that zeros keep apart are added: they stand side by side. So come the gradients of slices, one for each part of
 * what was cut.
 */
const sumOfParts: Rule = (tensor, { isUsedOnce }) => {
  if (!named(tensor, 'add')) return undefined
  const terms = termsOf(tensor, isUsedOnce)
  const padded = terms.flatMap((term, i) => paddedWithZeros(term, i) ?? [])
  const place = ({ padding }: Padded): string => padding.before.map((count) => String(count).padStart(9, '0')).join()
  const sorted = padded.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
  for (const [i, next] of sorted.entries()) {
    const before = sorted[i - 1]
    const axis = before && seam(before, next)
    if (before === undefined || axis === undefined) continue
    const joined = pad(concat([before.part, next.part], axis), {
      before: before.padding.before,
      after: next.padding.after,
    })
    return terms.filter((_, term) => term !== before.term && term !== next.term).reduce(add, joined)
  }
  return undefined
}

export const parts: readonly Rule[] = [sliceOfPart, joined, sumOfParts]
