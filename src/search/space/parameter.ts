import * as z from 'zod'
import { UsageError } from '../../errors.ts'

/** What JSON can hold, for reading. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value }

/** A {@link Value} that comes from outside; numbers are finite. */
export const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(valueSchema), z.record(z.string(), valueSchema)]),
)

/** One of some values, among which no order is assumed. See {@link choice}. */
export interface Choice<T extends Value = Value> {
  readonly kind: 'choice'
  readonly values: readonly T[]
}

/** A whole number. See {@link int}. */
export interface Int {
  readonly kind: 'int'
  readonly low: number
  readonly high: number
  readonly step: number
  readonly log: boolean
}

/** A number; with a step one of a few, else any between the bounds. See {@link float} and {@link logFloat}. */
export interface Float {
  readonly kind: 'float'
  readonly low: number
  readonly high: number
  readonly step: number | null
  readonly log: boolean
}

/** One of some sub-spaces: its parameters are there only where it is chosen. See {@link branch}. */
export interface Branch<B extends Branches = Branches> {
  readonly kind: 'branch'
  readonly branches: B
}
/** Sub-spaces by name. */
export type Branches = { readonly [name: string]: Definition }

/** What one name of a space may stand for: plain data, which JSON keeps. */
export type Parameter = Choice | Int | Float | Branch
/** A parameter that is one number inside: all but the branches' contents. */
export type Leaf = Choice | Int | Float
/** Parameters by name. Their order counts: a grid's last parameter moves fastest. */
export type Definition = { readonly [name: string]: Parameter }

type Flat<T> = { readonly [K in keyof T]: T[K] }
/** What a parameter's value is in a configuration. */
export type ValueOf<P> =
  P extends Choice<infer T>
    ? T
    : P extends Int | Float
      ? number
      : P extends Branch<infer B>
        ? { [K in keyof B & string]: Flat<{ readonly kind: K } & Configuration<B[K]>> }[keyof B & string]
        : never
/** The configurations of a definition: plain JSON, one value a name. */
export type Configuration<D> = { readonly [K in keyof D]: ValueOf<D[K]> }

/**
 * One of these values. Not for numbers whose order matters: samplers learn nothing about 64 from 32, as {@link int} lets them.
 *
 * @param values - two or more different ones that JSON can hold
 * @throws UsageError when there are fewer, one comes twice, or one is not JSON
 *
 * @example
 * const hidden = choice([[32], [64, 32]]) // architectures are values too
 */
export function choice<const T extends Value>(values: readonly T[]): Choice<T> {
  if (values.length === 0) throw new UsageError('choice: there are no values; give at least one')
  const texts = values.map((value) => {
    if (!valueSchema.safeParse(value).success)
      throw new UsageError(
        `choice: ${String(value)} cannot be kept as JSON; give texts, finite numbers, lists or records`,
      )
    return JSON.stringify(value)
  })
  const twice = texts.find((text, i) => texts.indexOf(text) < i)
  if (twice !== undefined) throw new UsageError(`choice: ${twice} is there twice; give each value once`)
  return { kind: 'choice', values }
}

/**
 * Yes or no.
 *
 * @example
 * const normalised = space({ batchNorm: bool() })
 */
export const bool = (): Choice<boolean> => choice([false, true])

/** See {@link int}. */
export interface IntOptions {
  /** Distance between neighbours, counted from `low` (default 1). */
  readonly step?: number
  /** Whether equal ratios, and not equal differences, are equally likely (default false). Not together with a step. */
  readonly log?: boolean
}

/**
 * A whole number from `low` to `high`, both included (with a step: up to the last that it reaches).
 *
 * @throws UsageError when a bound is not whole, low is above high, or log is asked for with a step or a low below 1
 *
 * @example
 * const width = int(16, 512, { log: true })
 */
export function int(low: number, high: number, { step = 1, log = false }: IntOptions = {}): Int {
  const call = `int(${low}, ${high})`
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low > high)
    throw new UsageError(`${call}: give two whole numbers, the smaller first`)
  if (!Number.isSafeInteger(step) || step < 1)
    throw new UsageError(`${call}: step is ${step}; give a whole number of at least 1`)
  if (log && (low < 1 || step !== 1))
    throw new UsageError(`${call}: log needs a low of at least 1 and no step (low is ${low}, step ${step})`)
  return { kind: 'int', low, high: high - ((high - low) % step), step, log }
}

/**
 * A number from `low` to `high`. Not for learning rates and other scales: that is {@link logFloat}.
 *
 * @param options - `step`: only low, low + step, … up to high
 * @throws UsageError when a bound is not finite, low is not below high, or the step is not a positive number
 *
 * @example
 * const dropout = float(0, 0.5, { step: 0.1 })
 */
export function float(low: number, high: number, options: { readonly step?: number } = {}): Float {
  requireBounds(`float(${low}, ${high})`, low, high)
  const { step } = options
  if (step === undefined) return { kind: 'float', low, high, step: null, log: false }
  // 0.7 − 0.6 is a little less than 0.1.
  if (!(step > 0 && step <= (high - low) * (1 + 1e-9)))
    throw new UsageError(`float(${low}, ${high}): step is ${step}; give a positive number, at most ${high - low}`)
  return { kind: 'float', low, high, step, log: false }
}

/**
 * A positive number, of which equal ratios are equally likely: for learning rates, weight decay and other scales.
 *
 * @throws UsageError unless 0 < low < high
 *
 * @example
 * const lr = logFloat(1e-5, 1e-1)
 */
export function logFloat(low: number, high: number): Float {
  requireBounds(`logFloat(${low}, ${high})`, low, high)
  if (low <= 0) throw new UsageError(`logFloat(${low}, ${high}): there is no logarithm of ${low}; give a low above 0`)
  return { kind: 'float', low, high, step: null, log: true }
}

function requireBounds(call: string, low: number, high: number): void {
  if (!Number.isFinite(high - low) || low >= high)
    throw new UsageError(`${call}: give two finite numbers, the smaller first`)
}

/**
 * One of some sub-spaces. The configuration holds the name as `kind` beside the sub-space's own values, so that TypeScript knows which
 * values are there once it knows the kind. Not for parameters that always apply: put them beside the branch.
 *
 * @param branches - sub-spaces by name; `{}` for one without parameters
 * @throws UsageError when there is none, or a sub-space has a parameter called `kind`
 *
 * @example
 * const optimizer = branch({ adam: { beta1: float(0.8, 0.99) }, sgd: { momentum: float(0, 0.99) } })
 * // { kind: 'adam', beta1: 0.9 } or { kind: 'sgd', momentum: 0.5 }
 */
export function branch<const B extends Branches>(branches: B): Branch<B> {
  const entries = Object.entries(branches)
  if (entries.length === 0) throw new UsageError('branch: there are no branches; give at least one')
  for (const [name, definition] of entries) {
    requireName('branch', name)
    if ('kind' in definition)
      throw new UsageError(`branch: "${name}" has a parameter "kind", but that is where its name goes; choose another`)
  }
  return { kind: 'branch', branches }
}

/** Refuses names that would move to the front of an object (digits) or blur paths (a slash). */
export function requireName(what: string, name: string): void {
  if (name === '' || /^\d+$/.test(name) || name.includes('/') || name === '__proto__')
    throw new UsageError(`${what}: "${name}" is no name: give one that is not empty, not a number and without slashes`)
}
