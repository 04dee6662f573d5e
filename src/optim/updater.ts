import { UsageError } from '../errors.ts'
import { makeArena, type Section } from '../runtime/wasm/arena.ts'
import { fuse } from '../runtime/wasm/fuse.ts'
import { SUMS_BYTES, sumOfSquaresLoop } from '../runtime/wasm/sumOfSquares.ts'
import { sizeOf } from '../tensor/index.ts'
import type { Optimizer } from './optimizer.ts'
import { stretchesOf } from './parameterGroups.ts'
import type { ParameterPlace } from './parameters.ts'
import { traceUpdate } from './trace.ts'

/** Parameters, gradients and optimiser state of one network in an arena, and the fused step over them. */
export interface Updater {
  readonly parameters: Section
  readonly gradients: Section
  /** By the optimiser's names. */
  readonly state: Readonly<Record<string, Section>>
  /** Length of all gradients together, √Σg², summed in float64: NaN or infinite exactly where one of them is. */
  gradientNorm(): number
  /**
   * Applies the gradients to the parameters, in place.
   *
   * @param step counted from 1
   * @param lr default: the optimiser's. Parameters of a group with a learning rate of its own have theirs scaled by as much
   *   as this one differs from the optimiser's.
   */
  step(step: number, lr?: number): void
}

/** Several networks of one size in one arena: a program reads and writes all of them as one `[members, stride]`. */
export interface Updaters {
  readonly members: readonly Updater[]
  /** Numbers from one member's first parameter to the next one's: its length rounded up to whole vectors. */
  readonly stride: number
  readonly parameters: Section
  readonly gradients: Section
}

/** Members begin at whole vectors, which are read and written fastest; so many numbers are also read past an end. */
const LANES = 4

/**
 * Lays out parameters for an optimiser, one after another in the order given, and compiles its update.
 *
 * @throws UsageError naming a group of the optimiser that no parameter belongs to
 * @example
 * const updater = makeUpdater(sgd({ lr: 0.1 }), [{ path: '0.weight', shape: [3] }])
 * updater.parameters.view.set([1, 2, 3])
 * updater.gradients.view.set([1, 1, 1])
 * updater.step(1)
 * updater.parameters.view // Float32Array [0.9, 1.9, 2.9]
 */
export function makeUpdater(optimizer: Optimizer, parameters: readonly ParameterPlace[]): Updater {
  const [updater] = makeUpdaters([optimizer], parameters).members
  if (updater === undefined) throw new Error('one optimiser gives one updater')
  return updater
}

/**
 * {@link makeUpdater} for several networks, which share the update: their optimisers may differ in learning rate and weight
 * decay alone.
 *
 * @param parameters of one network
 * @throws UsageError naming an optimiser that differs in more
 */
export function makeUpdaters(optimizers: readonly Optimizer[], parameters: readonly ParameterPlace[]): Updaters {
  const [first] = optimizers
  if (first === undefined) throw new UsageError('there are no optimisers: give one for each network')
  for (const [i, other] of optimizers.entries()) requireAlike(first, other, i)
  const length = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const { vectors, scalars, results } = traceUpdate(first, Math.max(1, length))
  const names = Object.keys(vectors)
  const coefficients = Object.keys(scalars)
  const stride = Math.ceil(length / LANES) * LANES
  const whole = makeSections(names, stride * optimizers.length)
  const loop = fuse(Object.values(vectors), Object.values(scalars), Object.values(results), whole.memory)
  const sumOfSquares = sumOfSquaresLoop(whole.memory)
  const sums = whole.section(SUMS).address

  const members = optimizers.map((optimizer, member): Updater => {
    const section = (name: string, from = 0, count = length): Section => {
      const { address, view } = whole.section(name)
      const start = member * stride + from
      return { address: address + start * view.BYTES_PER_ELEMENT, view: view.subarray(start, start + count) }
    }
    const parts = [...stretchesOf(optimizer, parameters)].map(([own, stretches]) => ({
      own,
      runs: stretches.map((stretch) => ({
        count: stretch.length,
        inputs: names.map((name) => section(name, stretch.start).address),
        outputs: Object.keys(results).map((name) => section(name, stretch.start).address),
      })),
    }))
    return {
      parameters: section('parameter'),
      gradients: section('gradient'),
      state: Object.fromEntries(optimizer.state.map((name) => [name, section(name)])),
      // Up to the next member: there are zeros between.
      gradientNorm: () => Math.sqrt(sumOfSquares(section('gradient').address, stride, sums)),
      step: (step, lr = optimizer.lr) => {
        for (const { own, runs } of parts) {
          const rate = own.lr === optimizer.lr ? lr : own.lr * (lr / optimizer.lr)
          const values = own.coefficients(step, rate)
          const given = coefficients.map((name) => values[name] ?? 0)
          for (const { count, inputs, outputs } of runs) loop.run(count, inputs, outputs, given)
        }
      },
    }
  })
  return { members, stride, parameters: whole.section('parameter'), gradients: whole.section('gradient') }
}

/** The section in which sums are left. */
const SUMS = 'sums'

/** Sections of one length, with memory after the last for what is read past its end. */
function makeSections(names: readonly string[], length: number) {
  const { memory, sections } = makeArena({
    ...Object.fromEntries(names.map((name) => [name, length])),
    'after the last': LANES,
    [SUMS]: SUMS_BYTES / Float32Array.BYTES_PER_ELEMENT,
  })
  const found = new Map(Object.entries<Section>(sections))
  return {
    memory,
    section: (name: string): Section => {
      const section = found.get(name)
      if (section === undefined) throw new Error(`the arena has no section ${name}`)
      return section
    },
  }
}

/** Options that enter the update as numbers of a step. */
const FREE = ['lr', 'weightDecay']

function requireAlike(first: Optimizer, other: Optimizer, place: number): void {
  const fixed = ({ kind, config }: Optimizer): string =>
    JSON.stringify([kind, Object.entries(config).filter(([name]) => !FREE.includes(name))])
  if (fixed(first) !== fixed(other))
    throw new UsageError(
      `optimiser ${place}, ${fixed(other)}, differs from the first, ${fixed(first)}: networks that are updated together ` +
        `may differ in ${FREE.join(' and ')} alone`,
    )
}
