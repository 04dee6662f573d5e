import { describe, expect, it } from 'vitest'
import { gradients } from '../autodiff/index.ts'
import { type Graph, graphOf, interpret } from '../runtime/index.ts'
import { nodeRuntime } from '../runtime/ort/node.ts'
import { leavesOf, type NdArray, placeholder, Tensor } from '../tensor/index.ts'
import { runIn } from '../testing/check.ts'
import { expectDigest } from '../testing/digest.ts'
import type { Digest } from '../testing/golden/formula.ts'
import { goldenNetwork } from '../testing/networks.ts'
import { applyModel, crossEntropyOf, stateDict, symbolic } from './index.ts'

type Numbers = ReadonlyMap<string, NdArray>
type Engine = (graph: Graph, inputs: readonly NdArray[]) => Promise<readonly NdArray[]>

/** The float64 reference never rounds in between; the native runtime works in float32. */
const engines: readonly { name: string; tolerance: number; run: Engine }[] = [
  { name: 'reference', tolerance: 1e-6, run: async (graph, inputs) => interpret(graph, inputs) },
  {
    name: 'native',
    tolerance: 1e-5,
    run: (graph, inputs) => {
      const given = graph.inputs.map(({ dtype, shape }, i) => {
        const data = inputs[i]?.data ?? []
        return { type: { dtype, shape }, data: dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data) }
      })
      return runIn(nodeRuntime, graph, given)
    },
  },
]

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor
const doubles = (shape: readonly number[], data: ArrayLike<number>): NdArray => ({
  shape,
  data: Float64Array.from(data),
})

/** Training on one batch, then evaluation with the new running statistics: all that PyTorch was asked for, by name. */
async function passes(network: string, engine: Engine) {
  const { golden, model, variables, x, labels } = goldenNetwork(network)
  const [parameters, buffers] = [symbolic(variables.parameters), symbolic(variables.buffers)]
  const input = placeholder('x', { dtype: 'float32', shape: golden.input.shape })
  const target = placeholder('labels', { dtype: 'int32', shape: [labels.length] })
  const weights = [...leavesOf(parameters, isTensor), ...leavesOf(buffers, isTensor)]
  const initial: Numbers = new Map(
    Object.entries(stateDict(variables)).map(([path, { shape, data }]) => [path, doubles(shape, data)]),
  )
  const run = async (outputs: ReadonlyMap<string, Tensor>, changed: Numbers = new Map()): Promise<Numbers> => {
    const graph = graphOf([...weights.map(({ leaf }) => leaf), input, target], [...outputs.values()])
    const numbers = weights.map(({ path }) => changed.get(path) ?? initial.get(path) ?? doubles([0], []))
    const batch = [doubles(input.shape, x), doubles(target.shape, labels)]
    const results = await engine(graph, [...numbers, ...batch])
    return new Map([...outputs.keys()].map((path, i) => [path, results[i] ?? doubles([0], [])]))
  }

  const { output, bufferUpdates } = applyModel(model, parameters, input, { buffers, training: true })
  const loss = crossEntropyOf(output, target)
  const slopes = leavesOf(gradients(loss, parameters), isTensor)
  const trained = await run(
    new Map([
      ['loss', loss],
      ['logits', output],
      ...slopes.map(({ path, leaf }) => [path, leaf] as const),
      ...bufferUpdates,
    ]),
  )
  const later = applyModel(model, parameters, input, { buffers }).output
  const statistics: Numbers = new Map([...trained].filter(([path]) => bufferUpdates.has(path)))
  return { golden, trained, evaluated: await run(new Map([['logits', later]]), statistics) }
}

describe.each(engines)('one training pass in PyTorch and in the $name runtime', ({ tolerance, run }) => {
  it.each(['dense', 'convNet', 'residual'])('of %s', async (network) => {
    const { golden, trained, evaluated } = await passes(network, run)
    const expectNamed = (numbers: Numbers, name: string, expected: Digest) => {
      const found = numbers.get(name)
      if (found === undefined) throw new Error(`nothing was computed for ${name}`)
      // A bias before batch norm has no effect: its gradient is a sum of numbers of the network's scale that cancel.
      const cancels = 'values' in expected && expected.values.every((value) => value === 0)
      expectDigest(found, expected, cancels ? 100 * tolerance : tolerance, `${network}: ${name}`)
    }
    expectNamed(trained, 'loss', { shape: [], values: [golden.loss] })
    expectNamed(trained, 'logits', golden.logits)
    for (const [name, gradient] of Object.entries(golden.gradients)) expectNamed(trained, name, gradient)
    for (const [name, statistics] of Object.entries(golden.runningStatistics)) expectNamed(trained, name, statistics)
    expect(trained.size).toBe(2 + Object.keys({ ...golden.gradients, ...golden.runningStatistics }).length)
    expectNamed(evaluated, 'logits', golden.evaluationLogits)
  })
})
