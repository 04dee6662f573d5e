import type { Tree } from '../../baselines/trees/tree.ts'
import { type Axis, levelsOf } from '../space/index.ts'
import { IMPUTED } from './forest.ts'

/** A part of the unit cube in which a tree gives one answer. */
export interface Box {
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly value: number
}

/**
 * The boxes that a tree cuts the unit cube of a space into; together they are the whole cube. Where a parameter is inactive the tree is asked as in
 * training, with the parameter in the middle, so that its answer does not depend on it there. Of parameters with levels, edges lie between
 * cells, so that each level weighs the same.
 *
 * @param tree - over the axes and, after them, other columns
 * @param width - columns that the tree knows
 */
export function boxesOf(tree: Tree, axes: readonly Axis[], width: number): Box[] {
  const boxes: Box[] = []
  const visit = (node: number, low: readonly number[], high: readonly number[]): void => {
    const column = tree.feature[node] ?? -1
    if (column < 0) {
      boxes.push({ low, high, value: tree.mean[node]?.[0] ?? 0 })
      return
    }
    const threshold = tree.threshold[node] ?? 0
    const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0]
    const activity = activityOf(axes, column, low, high)
    if (activity === 'inactive') visit(IMPUTED <= threshold ? left : right, low, high)
    else if (activity === 'active') {
      const at = edgeOf(axes[column], threshold)
      if (at > (low[column] ?? 0)) visit(left, low, replaced(high, column, Math.min(at, high[column] ?? 1)))
      if (at < (high[column] ?? 1)) visit(right, replaced(low, column, Math.max(at, low[column] ?? 0)), high)
    } else {
      const { axis, at } = activity
      visit(node, low, replaced(high, axis, at))
      visit(node, replaced(low, axis, at), high)
    }
  }
  visit(0, new Array<number>(width).fill(0), new Array<number>(width).fill(1))
  return boxes
}

/** Whether a parameter is there in a box, or where the box is to be cut so that this can be said. */
function activityOf(
  axes: readonly Axis[],
  column: number,
  low: readonly number[],
  high: readonly number[],
): 'active' | 'inactive' | { readonly axis: number; readonly at: number } {
  const condition = axes[column]?.condition
  if (condition === undefined) return 'active'
  const { axis, option } = condition
  const outer = activityOf(axes, axis, low, high)
  if (outer !== 'active') return outer
  const parameter = axes[axis]?.parameter
  const options = parameter === undefined ? 1 : (levelsOf(parameter) ?? 1)
  const [from, to] = [option / options, (option + 1) / options]
  const [begin, end] = [low[axis] ?? 0, high[axis] ?? 1]
  if (end <= from || begin >= to) return 'inactive'
  if (begin < from) return { axis, at: from }
  return end > to ? { axis, at: to } : 'active'
}

/** A threshold as the edge between two cells, where the axis has cells of equal size. */
function edgeOf(axis: Axis | undefined, threshold: number): number {
  const levels = axis === undefined ? undefined : levelsOf(axis.parameter)
  const isEven = axis?.parameter.kind !== 'int' || !axis.parameter.log
  if (levels === undefined || !isEven) return threshold
  // A threshold may lie on the middle of a level, which the tree knows in float32.
  const nearest = Math.round(threshold * levels - 0.5)
  return (Math.fround((nearest + 0.5) / levels) <= threshold ? nearest + 1 : nearest) / levels
}

const replaced = (values: readonly number[], at: number, value: number): number[] => {
  const copy = [...values]
  copy[at] = value
  return copy
}

/** How much of the unit cube a box is. */
export const volumeOf = ({ low, high }: Box): number =>
  low.reduce((volume, from, axis) => volume * ((high[axis] ?? 1) - from), 1)

/** How far a box goes along an axis. */
export const lengthOf = ({ low, high }: Box, axis: number): number => (high[axis] ?? 1) - (low[axis] ?? 0)
