import { makeArena, type Section } from '../runtime/wasm/arena.ts'
import { fuse } from '../runtime/wasm/fuse.ts'
import { placeholder } from '../tensor/index.ts'
import type { Optimizer } from './optimizer.ts'

/** Parameters, gradients and optimiser state of one network in one arena, and the fused step over them. */
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
  const names = ['parameter', 'gradient', ...optimizer.state]
  const { memory, sections } = makeArena(Object.fromEntries(names.map((name) => [name, length])))
  const section = (name: string): Section => {
    const found = sections[name]
    if (found === undefined) throw new Error(`the arena has no section ${name}`)
    return found
  }

  const vectors = Object.fromEntries(
    names.map((name) => [name, placeholder(name, { dtype: 'float32', shape: [Math.max(1, length)] })]),
  )
  const coefficients = Object.keys(optimizer.coefficients(1, optimizer.lr))
  const scalars = Object.fromEntries(
    coefficients.map((name) => [name, placeholder(name, { dtype: 'float32', shape: [] })]),
  )
  const results = optimizer.update(vectors, scalars)
  const loop = fuse(Object.values(vectors), Object.values(scalars), Object.values(results), memory)
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
}
