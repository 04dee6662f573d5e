import type { Axis } from '../space/index.ts'
import { type Box, boxesOf, lengthOf } from './boxes.ts'
import type { Forest } from './forest.ts'

/**
 * What a forest expects at places of two axes, as the mean over all other parameters; where one of the two is part of a branch, over the
 * configurations that have it.
 *
 * @param first - of the axes
 * @param rows - places on the first axis, in the unit interval
 * @param columns - places on the second
 * @returns values of the objective, `[rows][columns]`; undefined where one of the two is inactive
 *
 * @example
 * surface(forest, 0, 1, [0.25, 0.75], [0.25, 0.75])
 */
export function surface(
  { axes, trees, mean, sd, samples: { width } }: Forest,
  first: number,
  second: number,
  rows: readonly number[],
  columns: readonly number[],
): (number | undefined)[][] {
  const sums = rows.map(() => new Float64Array(columns.length))
  const wanted = axes.map((_, axis) => restrictionOf(axes, axis, [first, second]))
  const others = wanted.flatMap((range, axis) =>
    range === undefined || axis === first || axis === second ? [] : [{ axis, ...range }],
  )
  const isInside = (axis: number, place: number): boolean => {
    const range = wanted[axis]
    return range === undefined || (place >= range.from && place < range.to)
  }
  for (const box of trees.flatMap(({ tree }) => boxesOf(tree, axes, width))) {
    const weight = weightOf(box, width, [first, second], others)
    if (weight === 0) continue
    for (const [i, row] of rows.entries()) {
      const line = sums[i]
      if (line === undefined || !holds(box, first, row)) continue
      for (const [j, column] of columns.entries())
        if (holds(box, second, column)) line[j] = (line[j] ?? 0) + weight * box.value
    }
  }
  return rows.map((row, i) =>
    columns.map((column, j) =>
      isInside(first, row) && isInside(second, column) ? mean + (sd * (sums[i]?.[j] ?? 0)) / trees.length : undefined,
    ),
  )
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Where a branch's axis must lie for two others to be active. */
function restrictionOf(axes: readonly Axis[], axis: number, of: readonly number[]): Range | undefined {
  for (const inner of of) {
    const condition = axes[inner]?.condition
    if (condition === undefined) continue
    const { parameter } = axes[condition.axis] ?? {}
    const options = parameter?.kind === 'choice' ? parameter.values.length : 1
    if (condition.axis === axis) return { from: condition.option / options, to: (condition.option + 1) / options }
    const outer = restrictionOf(axes, axis, [condition.axis])
    if (outer !== undefined) return outer
  }
  return undefined
}

const holds = ({ low, high }: Box, axis: number, place: number): boolean =>
  place >= (low[axis] ?? 0) && place < (high[axis] ?? 1)

/** The share of the other axes that a box takes up, of the part of them that counts. */
function weightOf(
  box: Box,
  width: number,
  without: readonly number[],
  ranges: readonly (Range & { readonly axis: number })[],
): number {
  let weight = 1
  for (let axis = 0; axis < width; axis++) {
    if (without.includes(axis)) continue
    const range = ranges.find((one) => one.axis === axis)
    if (range === undefined) weight *= lengthOf(box, axis)
    else {
      const [from, to] = [Math.max(range.from, box.low[axis] ?? 0), Math.min(range.to, box.high[axis] ?? 1)]
      weight *= Math.max(0, to - from) / (range.to - range.from)
    }
  }
  return weight
}
