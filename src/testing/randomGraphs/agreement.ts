import { type Graph, graphOf, interpret, type Runtime, structuralKey } from '../../runtime/index.ts'
import { formatShape, type NdArray, sameShape, type Tensor } from '../../tensor/index.ts'
import type { RandomGraph } from './index.ts'
import { noise } from './sketch.ts'

/** Ops whose result in float32 is one of the numbers that came in, or exact: they round nothing. */
const EXACT: ReadonlySet<string> = new Set(
  (
    'abs cast clip concat constant expand flip gather gatherElements max maxPool2d maxPool2dPick min oneHot pad reduceMax ' +
    'reduceMin relu reshape sign slice step transpose upsample where floor ceil round'
  ).split(' '),
)

/** A few units in the last place of float32. */
const ROUNDING = 4e-7
const SAMPLES = 3

/**
 * The reference with every float operand and result of an op that rounds moved at random by as much as float32 would: how
 * far results stray is what rounding does to them (Monte Carlo arithmetic; Parker, 1997).
 */
function interpretRounded(graph: Graph, inputs: readonly NdArray[], seed: number): NdArray[] {
  const values = new Map<Tensor, NdArray>()
  graph.inputs.forEach((tensor, i) => {
    const value = inputs[i]
    if (value !== undefined) values.set(tensor, value)
  })
  const known = (tensor: Tensor): NdArray => values.get(tensor) ?? { shape: [], data: new Float64Array(0) }
  const moved = ({ dtype }: Tensor, { shape, data }: NdArray, ...place: readonly number[]): NdArray => ({
    shape,
    data:
      dtype === 'float32' ? data.map((value, i) => value * (1 + ROUNDING * (2 * noise(seed, ...place, i) - 1))) : data,
  })
  for (const [place, tensor] of graph.nodes.entries()) {
    const { operation, dtype } = tensor
    const isExact = dtype !== 'float32' || EXACT.has(operation.name)
    const operands = tensor.inputs.map((input, k) => (isExact ? known(input) : moved(input, known(input), place, k)))
    const value = operation.evaluate(tensor, operands)
    values.set(tensor, isExact ? value : moved(tensor, value, place, -1))
  }
  return graph.outputs.map(known)
}

const largest = (values: Iterable<number>): number => {
  let most = 0
  for (const value of values) if (!(Math.abs(value) <= most)) most = Math.abs(value)
  return most
}

/** How far one array is from another at most; NaN where only one of them is NaN. */
const distance = (a: NdArray, b: NdArray): number =>
  largest(a.data.map((value, i) => (Object.is(value, b.data[i]) ? 0 : value - (b.data[i] ?? Number.NaN))))

/** What an output should be, and how far float32 may be from it. */
export interface Expectation {
  readonly value: NdArray
  readonly tolerance: number
  /** False where rounding alone moves the result by more than a hundredth: nothing is learnt from such an output. */
  readonly isStable: boolean
}

/** The reference's results, with the tolerance that float32 needs for each. */
export function expectations({ inputs, data, outputs }: RandomGraph): Expectation[] {
  const graph = graphOf(inputs, outputs)
  const given = inputs.map(({ shape }, i) => ({ shape, data: Float64Array.from(data[i] ?? []) }))
  const exact = interpret(graph, given)
  const rounded = Array.from({ length: SAMPLES }, (_, sample) => interpretRounded(graph, given, sample + 1))
  return exact.map((value, i) => {
    const strayed = largest(rounded.map((results) => distance(results[i] ?? value, value)))
    const scale = largest(value.data)
    const isFloat = outputs[i]?.dtype === 'float32'
    return {
      value,
      tolerance: isFloat ? 8 * strayed + 4e-6 * scale + 1e-12 : 0,
      isStable: strayed <= 0.01 * scale + 1e-12,
    }
  })
}

/** Runs a graph as it is, or as the way in front of the runtime (`prepare`) makes it; gives a line for each difference. */
export async function disagreements(
  runtime: Runtime,
  { inputs, data, outputs }: RandomGraph,
  expected: readonly Expectation[],
  prepare: (outputs: readonly Tensor[]) => readonly Tensor[] = (same) => same,
): Promise<string[]> {
  const graph = graphOf(inputs, prepare(outputs))
  const executable = await runtime.prepare(graph, { threads: 1 })
  const results = await executable.run(data, [])
  await executable.dispose()
  return expected.flatMap(({ value, tolerance, isStable }, i) => {
    const found = { shape: graph.outputs[i]?.shape ?? [], data: Float64Array.from(results[i] ?? []) }
    const far = distance(found, value)
    if (!isStable || (far <= tolerance && sameShape(found.shape, value.shape))) return []
    const first = ({ shape, data }: NdArray) => `${formatShape(shape)} ${data.slice(0, 8).join(' ')}`
    return [`output ${i} is ${first(found)} but should be ${first(value)}: off by ${far}, and ${tolerance} is allowed`]
  })
}

/** A graph in lines of text, each value by its number. */
export const listing = ({ inputs, outputs }: RandomGraph): string =>
  structuralKey(graphOf(inputs, outputs))
    .split('\n')
    .map((line, i) => `%${i} ${line}`)
    .join('\n')
