/**
 * How golden cases of ops are read and checked, whatever file they are in.
 *
 * @module
 */
import { describe, expect, it } from 'vitest'
import { type Graph, interpret } from '../runtime/index.ts'
import { nodeRuntime } from '../runtime/ort/node.ts'
import type { NdArray, Tensor } from '../tensor/index.ts'
import { type Argument, gradientOf, real, runIn, trace, truth, whole } from './check.ts'
import { expectDigest } from './digest.ts'
import { count, fill, type GoldenInput, labels, readGolden } from './golden/formula.ts'

export type GoldenCase = ReturnType<typeof readGolden<'ops'>>[number]
type Attributes = GoldenCase['attributes']
export type Translation = (inputs: readonly Tensor[], attributes: Attributes) => Tensor

export type Translations = Readonly<Record<string, Translation>>

export const numbers = (value: Attributes[string] | undefined): number[] => {
  if (Array.isArray(value)) return value
  if (typeof value === 'number') return [value]
  throw new Error(`${value} is not a list of numbers`)
}
export const number = (value: Attributes[string] | undefined): number => numbers(value)[0] ?? Number.NaN
export const pair = (value: Attributes[string] | undefined): [number, number] => {
  const [height = Number.NaN, width = Number.NaN] = numbers(value)
  return [height, width]
}
export const reduction = ({ axes, keepDims }: Attributes) => ({ axes: numbers(axes), keepDims: keepDims === true })
export const unary =
  (op: (x: Tensor) => Tensor): Translation =>
  ([x]) =>
    op(given(x))
export const binary =
  (op: (a: Tensor, b: Tensor) => Tensor): Translation =>
  ([a, b]) =>
    op(given(a), given(b))

export function given(x: Tensor | undefined): Tensor {
  if (x === undefined) throw new Error('the golden case has fewer inputs than its op takes')
  return x
}

function argument(input: GoldenInput): Argument {
  const size = count(input.shape)
  if (input.kind === 'labels') return whole(input.shape, labels(size, input.classes))
  if (input.kind === 'real') return real(input.shape, fill(size, input.phase, input.scale, input.offset))
  return truth(
    input.shape,
    Array.from(fill(size, input.phase, 1), (value) => (value > 0 ? 1 : 0)),
  )
}

/** PyTorch's function in ours, by the case's op. */
function translated({ op, attributes }: GoldenCase, translations: Translations): (...inputs: Tensor[]) => Tensor {
  const translate = translations[op]
  if (translate === undefined) throw new Error(`the golden op ${op} has no translation`)
  return (...inputs) => translate(inputs, attributes)
}

function expectGolden(golden: GoldenCase, { inputs }: Graph, results: readonly NdArray[], tolerance: number): void {
  const [output, ...others] = results
  if (output === undefined) throw new Error('nothing was computed')
  expectDigest(output, golden.output, tolerance, 'output')
  const places = inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []))
  for (const [k, i] of places.entries()) {
    const [digest, found] = [golden.gradients[i], others[k]]
    if (!digest) continue
    if (found === undefined) throw new Error(`${golden.inputs[i]?.name} got no gradient`)
    expectDigest(found, digest, tolerance, `gradient of ${golden.inputs[i]?.name}`)
  }
  for (const [k, [name, digest]] of Object.entries(golden.extra ?? {}).entries()) {
    const found = others[places.length + k]
    if (found === undefined) throw new Error(`${name} was not computed`)
    expectDigest(found, digest, tolerance, name)
  }
}

/**
 * A test of every case in float64 and in the native runtime: the output, a gradient for each float input, and what
 * `extras` adds, in the order of the case's further results.
 */
export function describeGolden(
  file: 'ops' | 'more-ops',
  translations: Translations,
  extras: (golden: GoldenCase, inputs: readonly Tensor[]) => readonly Tensor[] = () => [],
): void {
  const cases = readGolden(file)

  describe.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    const inputs = golden.inputs.map(argument)
    const fn = translated(golden, translations)
    const graph = trace(
      (...given) => [fn(...given), ...[gradientOf(fn)(...given)].flat(), ...extras(golden, given)],
      inputs,
    )

    it('in float64', () => {
      const doubles = inputs.map(({ type, data }) => ({ shape: type.shape, data: Float64Array.from(data) }))
      expectGolden(golden, graph, interpret(graph, doubles), 1e-6)
    })

    it('in the native runtime', async () => {
      expectGolden(golden, graph, await runIn(nodeRuntime, graph, inputs), 1e-5)
    })
  })

  it('every translation is used, and every real input that PyTorch gave a gradient has one here', () => {
    expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(Object.keys(translations).sort())
    for (const { inputs, gradients } of cases)
      for (const [i, gradient] of gradients.entries()) if (gradient) expect(inputs[i]?.kind).toBe('real')
  })
}
