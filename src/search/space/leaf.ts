import type { Leaf } from './parameter.ts'

/**
 * How a parameter lies in the unit interval, where samplers work: equal lengths are equally likely. Inside a point a choice is the index of its
 * value, an int or a float the number itself. Parameters with levels own a cell each, all others are a position.
 */

/** How many values there are; undefined where there is a continuum. */
export function levelsOf(leaf: Leaf): number | undefined {
  if (leaf.kind === 'choice') return leaf.values.length
  if (leaf.step === null) return undefined
  // A quotient such as 0.3 / 0.1 falls short of 3 by rounding alone.
  return Math.floor((leaf.high - leaf.low) / leaf.step + 1e-9) + 1
}

/** The value of level k, from 0. */
export function levelAt(leaf: Leaf, k: number): number {
  if (leaf.kind === 'choice') return k
  const { low, high, step } = leaf
  if (step === null || leaf.kind === 'int') return low + k * (step ?? 0)
  // 0.1 + 2 × 0.1 is to be 0.3.
  return Math.min(high, Number((low + k * step).toPrecision(12)))
}

/** The level of a value, from 0; undefined where it has none. */
export function levelOf(leaf: Leaf, value: number): number | undefined {
  const levels = levelsOf(leaf)
  if (levels === undefined) return undefined
  const level = leaf.kind === 'choice' ? value : Math.round((value - leaf.low) / (leaf.step ?? 1))
  return level >= 0 && level < levels && levelAt(leaf, level) === value ? level : undefined
}

/** Whether a number is a value of the parameter. */
export function holds(leaf: Leaf, value: number): boolean {
  return levelsOf(leaf) === undefined
    ? leaf.kind !== 'choice' && value >= leaf.low && value <= leaf.high
    : levelOf(leaf, value) !== undefined
}

/**
 * The value at a place of the unit interval.
 *
 * @param u - from 0 to 1
 */
export function valueAt(leaf: Leaf, u: number): number {
  const levels = levelsOf(leaf)
  if (leaf.kind === 'int' && leaf.log) {
    const [from, to] = [Math.log(leaf.low - 0.5), Math.log(leaf.high + 0.5)]
    return clamp(Math.round(Math.exp(from + u * (to - from))), leaf.low, leaf.high)
  }
  if (levels !== undefined) return levelAt(leaf, clamp(Math.floor(u * levels), 0, levels - 1))
  if (leaf.kind === 'choice') throw new Error('a choice has levels')
  const { low, high } = leaf
  if (!leaf.log) return clamp(low + u * (high - low), low, high)
  return clamp(Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))), low, high)
}

/** The part of the unit interval that leads to a value: of no length where there is a continuum. */
export function cellOf(leaf: Leaf, value: number): readonly [from: number, to: number] {
  if (leaf.kind === 'int' && leaf.log) {
    const [from, to] = [Math.log(leaf.low - 0.5), Math.log(leaf.high + 0.5)]
    const at = (x: number): number => clamp((Math.log(x) - from) / (to - from), 0, 1)
    return [at(value - 0.5), at(value + 0.5)]
  }
  const levels = levelsOf(leaf)
  if (levels !== undefined) {
    const level = levelOf(leaf, value) ?? 0
    return [level / levels, (level + 1) / levels]
  }
  if (leaf.kind === 'choice') throw new Error('a choice has levels')
  const { low, high } = leaf
  const u = leaf.log
    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value - low) / (high - low)
  return [clamp(u, 0, 1), clamp(u, 0, 1)]
}

/** The middle of {@link cellOf}. */
export function unitOf(leaf: Leaf, value: number): number {
  const [from, to] = cellOf(leaf, value)
  return (from + to) / 2
}

export const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)
