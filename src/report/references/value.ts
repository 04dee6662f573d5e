import { UsageError } from '../../errors.ts'
import { duration, isShare, value as number, percent, whole } from '../format.ts'

/** What a number counts: it decides how it is written. */
export type Unit = 'share' | 'points' | 'count' | 'seconds' | 'setting' | 'number'

/** A value that a reference gave. */
export interface Value {
  readonly value: number | string | boolean
  /** As a reader sees it. */
  readonly text: string
  /** Of numbers. */
  readonly unit?: Unit
  /** Where it was taken from: runs by their ids, and what of them. */
  readonly source: string
  /** Ids of the runs that it depends on. */
  readonly runs: readonly string[]
}

/** Where a value comes from. */
export type Origin = Pick<Value, 'source' | 'runs'>

/** Shares differ by percentage points, which are no percentages. */
const points = (difference: number): string => `${(100 * difference).toFixed(2).replace('-', '−')} pp`

const WRITTEN: Readonly<Record<Unit, (number: number) => string>> = {
  share: (share) => percent(share).replace('-', '−'),
  points,
  count: whole,
  seconds: duration,
  setting: (set) => String(set).replace('e-', 'e−').replace(/^-/, '−'),
  number,
}

/** A number as a reader sees it: the one place where references are written. */
export const written = (number: number, unit: Unit): string => WRITTEN[unit](number)

/** In which unit a metric is. */
export const unitOf = (metric: string): Unit => (isShare(metric) ? 'share' : 'number')

export const numberValue = (number: number, unit: Unit, origin: Origin): Value => ({
  value: number,
  text: written(number, unit),
  unit,
  ...origin,
})

export const textValue = (text: string, origin: Origin): Value => ({ value: text, text, ...origin })

/**
 * The number of a value.
 *
 * @throws UsageError where it is a text
 */
export function requireNumber({ value, text }: Value, of: string): number {
  if (typeof value === 'number') return value
  throw new UsageError(`${of} takes numbers, and got "${text}"`)
}

/** What several values depend on, once. */
export const originOf = (values: readonly Value[], join = '; '): Origin => ({
  source: [...new Set(values.map(({ source }) => source))].join(join),
  runs: [...new Set(values.flatMap(({ runs }) => runs))],
})
