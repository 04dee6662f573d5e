/**
 * What every test of the engine asks: is a function of tensors the same in the native runtime and in the float64
 * reference, gradients included, and are the reference's gradients the slopes of what it computes?
 *
 * @module
 */
import { expect } from 'vitest'
import { interpret, type Runtime } from '../runtime/index.ts'
import { nodeRuntime } from '../runtime/ort/node.ts'
import type { NdArray } from '../tensor/index.ts'
import {
  type Argument,
  doublesOf,
  evaluate,
  gradientOf,
  isReal,
  runIn,
  squared,
  type TensorFunction,
  trace,
  weightsOf,
} from './functions.ts'
import { fill } from './golden/fill.ts'

export * from './functions.ts'

/** Fails where two arrays differ by more than `tolerance` times their scale (at least 1). */
export function expectClose(found: NdArray, expected: NdArray, tolerance: number, what: string): void {
  expect(found.shape, what).toEqual(expected.shape)
  expect(found.data.length, what).toBe(expected.data.length)
  const scale = expected.data.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  )
  expected.data.forEach((value, i) => {
    const got = found.data[i] ?? Number.NaN
    if (!Object.is(got, value) && !(Math.abs(got - value) <= tolerance * scale))
      expect.fail(`${what}: number ${i} of [${expected.shape}] is ${got} but should be ${value} (scale ${scale})`)
  })
}

/** The native runtime against the reference, in all outputs. */
export async function expectAgreement(
  fn: TensorFunction,
  given: readonly Argument[],
  { tolerance = 1e-5, runtime = nodeRuntime }: { tolerance?: number; runtime?: Runtime } = {},
): Promise<void> {
  const graph = trace(fn, given)
  // Gradients of what has no float inputs: ONNX Runtime refuses a model of nothing.
  if (graph.outputs.length === 0) return
  const [found, expected] = [await runIn(runtime, graph, given), interpret(graph, doublesOf(given))]
  expected.forEach((value, i) => {
    const output = graph.outputs[i]
    expectClose(
      found[i] ?? value,
      value,
      output && isReal(output) ? tolerance : 0,
      `output ${i} (${output?.operation.name}) of ${runtime.name}`,
    )
  })
}

/** Along which the slope is taken: single coordinates, spread over the tensor, and one direction that moves all of them. */
function directionsOf(size: number, most: number): Float64Array[] {
  const single = Array.from({ length: Math.min(size, most) }, (_, k) => {
    const direction = new Float64Array(size)
    direction[Math.floor((k * size) / Math.min(size, most))] = 1
    return direction
  })
  return [...single, Float64Array.from(fill(size, 1.1, 1))]
}

const dot = (a: Float64Array, b: ArrayLike<number>): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)

/** The reference's gradients against central differences of what the reference computes. */
export function expectSlopes(
  fn: TensorFunction,
  given: readonly Argument[],
  { step = 1e-5, tolerance = 1e-6, coordinates = 8 } = {},
): void {
  const graph = trace((...inputs) => [fn(...inputs)].flat().filter(isReal), given)
  const weights = graph.outputs.map(weightsOf)
  const total = (inputs: readonly NdArray[]) =>
    interpret(graph, inputs).reduce((sum, { data }, i) => sum + dot(data, weights[i] ?? []), 0)
  const inputs = doublesOf(given)
  const places = given.flatMap(({ type }, i) => (isReal(type) ? [i] : []))
  evaluate(gradientOf(fn), given).forEach((gradient, k) => {
    const place = places[k] ?? -1
    const moved = (direction: Float64Array, by: number) =>
      inputs.map(({ shape, data }, i) => ({
        shape,
        data: i === place ? data.map((value, j) => value + by * (direction[j] ?? 0)) : data,
      }))
    const scale = gradient.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
    for (const direction of directionsOf(gradient.data.length, coordinates)) {
      const slope = (total(moved(direction, step)) - total(moved(direction, -step))) / (2 * step)
      const claimed = dot(gradient.data, direction)
      const size = direction.reduce((sum, value) => sum + Math.abs(value), 0)
      if (!(Math.abs(slope - claimed) <= tolerance * scale * size))
        expect.fail(`gradient of input ${place} along ${direction}: ${claimed}, but the slope is ${slope}`)
    }
  })
}

/**
 * Everything at once: values, gradients and gradients of gradients, native against reference and reference against
 * slopes. Arguments must keep away from kinks and ties by more than the step.
 */
export async function expectSound(
  fn: TensorFunction,
  given: readonly Argument[],
  { tolerance = 1e-5 }: { tolerance?: number } = {},
): Promise<void> {
  const gradient = gradientOf(fn)
  await expectAgreement((...inputs) => [fn(...inputs), gradient(...inputs)].flat(), given, { tolerance })
  expectSlopes(fn, given)
  const curved = gradientOf(squared(fn))
  await expectAgreement((...inputs) => [curved(...inputs), gradientOf(curved)(...inputs)].flat(), given, { tolerance })
  expectSlopes(curved, given, { coordinates: 3 })
}
