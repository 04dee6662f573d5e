import { UsageError } from '../errors.ts'
import { makeArena, type Section } from '../runtime/wasm/arena.ts'
import { fuse } from '../runtime/wasm/fuse.ts'
import { placeholder } from '../tensor/index.ts'
import type { Optimizer } from './optimizer.ts'

/** Parameters, gradients and optimiser state of one network in an arena, and the fused step over them. */
export interface Updater {
  readonly parameters: Section
  readonly gradients: Section
  /** By the optimiser's names. */
  readonly state: Readonly<Record<string, Section>>
  /**
   * Applies the gradients to the parameters, in place.
   *
   * @param step counted from 1
   * @param lr default: the optimiser's
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

/** Numbers that one turn of a fused loop writes: a stretch of other length would run into its neighbour. */
const LANES = 4

/**
 * Lays out `length` parameters for an optimiser and compiles its update.
 *
 * @example
 * const updater = makeUpdater(sgd({ lr: 0.1 }), 3)
 * updater.parameters.view.set([1, 2, 3])
 * updater.gradients.view.set([1, 1, 1])
 * updater.step(1)
 * updater.parameters.view // Float32Array [0.9, 1.9, 2.9]
 */
export function makeUpdater(optimizer: Optimizer, length: number): Updater {
  const [updater] = makeUpdaters([optimizer], length).members
  if (updater === undefined) throw new Error('one optimiser gives one updater')
  return updater
}

/**
 * {@link makeUpdater} for several networks, which share the update: their optimisers may differ in learning rate and weight
 * decay alone.
 *
 * @param length parameters of one network
 * @throws UsageError naming an optimiser that differs in more
 */
export function makeUpdaters(optimizers: readonly Optimizer[], length: number): Updaters {
  const [first] = optimizers
  if (first === undefined) throw new UsageError('there are no optimisers: give one for each network')
  for (const [i, other] of optimizers.entries()) requireAlike(first, other, i)
  const stride = Math.ceil(length / LANES) * LANES
  const names = ['parameter', 'gradient', ...first.state]
  const { memory, sections } = makeArena(Object.fromEntries(names.map((name) => [name, stride * optimizers.length])))
  const whole = (name: string): Section => {
    const found = sections[name]
    if (found === undefined) throw new Error(`the arena has no section ${name}`)
    return found
  }

  const vectors = Object.fromEntries(
    names.map((name) => [name, placeholder(name, { dtype: 'float32', shape: [Math.max(1, length)] })]),
  )
  const coefficients = Object.keys(first.coefficients(1, first.lr))
  const scalars = Object.fromEntries(
    coefficients.map((name) => [name, placeholder(name, { dtype: 'float32', shape: [] })]),
  )
  const results = first.update(vectors, scalars)
  const loop = fuse(Object.values(vectors), Object.values(scalars), Object.values(results), memory)

  const members = optimizers.map((optimizer, member): Updater => {
    const section = (name: string): Section => {
      const { address, view } = whole(name)
      const start = member * stride
      return { address: address + start * view.BYTES_PER_ELEMENT, view: view.subarray(start, start + length) }
    }
    const inputs = names.map((name) => section(name).address)
    const outputs = Object.keys(results).map((name) => section(name).address)
    return {
      parameters: section('parameter'),
      gradients: section('gradient'),
      state: Object.fromEntries(optimizer.state.map((name) => [name, section(name)])),
      step: (step, lr = optimizer.lr) => {
        const values = optimizer.coefficients(step, lr)
        loop.run(
          length,
          inputs,
          outputs,
          coefficients.map((name) => values[name] ?? 0),
        )
      },
    }
  })
  return { members, stride, parameters: whole('parameter'), gradients: whole('gradient') }
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
