import type { Inputs } from '../data/index.ts'
import { missingName } from '../data/table/names.ts'
import { UsageError } from '../errors.ts'
import { applyModel, initialize, isWeights, type Layer, type LayerCall, type Variables } from '../nn/index.ts'
import { symbolic } from '../nn/initialize.ts'
import { key } from '../random/index.ts'
import { compile } from '../runtime/index.ts'
import {
  formatShape,
  leavesOf,
  mapLeaves,
  placeholder,
  type Shape,
  sizeOf,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import type { Network } from '../train/index.ts'

/** A layer of a model as it can be looked into. */
export interface InspectedLayer {
  /** Dotted place in the model, the prefix of its weights' names; `''` is the model itself. */
  readonly path: string
  readonly layer: Layer
  /** Of one sample. */
  readonly input: Shape
  /** Of one sample. */
  readonly output: Shape
}

/** What a layer put out for some samples. */
export interface Activation extends InspectedLayer {
  /** `[samples, ...output]`, row-major */
  readonly data: Float32Array
}

/** What is looked into: layers, with the fitted preparation before them where there is one. */
export type Inspected = Pick<Network, 'model'> & Partial<Pick<Network, 'prepare'>>

/**
 * All layers of a model in the order in which a sample passes them, containers and blocks after what is inside them, the model itself
 * last. A layer that is applied several times stands where it is applied last.
 *
 * @param sample shape of one sample as the model gets it, after the preparation
 *
 * @example
 * layersOf(sequential(conv2d(6, 5), relu()), [1, 28, 28]).map(({ path }) => path) // ['0', '1', '']
 */
export const layersOf = (model: Layer, sample: Shape): InspectedLayer[] => applied(model, sample).calls.map(described)

/** A model applied to one symbolic sample: the input, and the calls of its layers in the order of {@link layersOf}. */
export function applied(model: Layer, sample: Shape): { readonly x: Tensor; readonly calls: readonly LayerCall[] } {
  const variables = initialize(model, key(0), sample)
  const x = placeholder('x', { dtype: 'float32', shape: [1, ...sample] })
  const { calls } = applyModel(model, symbolic(variables.parameters), x, { buffers: symbolic(variables.buffers) })
  return { x, calls: [...byPath(calls).values()] }
}

/** Samples a call of the runtime. */
const BATCH = 64

export interface ActivationsOptions {
  /** Samples computed at once; default 64. What lies between the layers is kept for so many. */
  readonly batch?: number
}

/**
 * What chosen layers put out for samples, as in prediction: dropout off, running statistics fixed. Everything is computed in one pass,
 * of the layers up to the last one that is asked for.
 *
 * @param of a network, as `prepare` and `loadNetwork` give it; or `{ model }` alone, for samples that are prepared already
 * @param variables the weights and running statistics to compute with
 * @param inputs samples as they are stored
 * @param paths of layers, as in the weights' names: `0`, `layer1.0.conv1`, or `''` for the model's own output; {@link layersOf} lists them
 * @throws UsageError naming a path that is no layer, and the nearest; or inputs that are no whole number of samples
 *
 * @example
 * const [maps] = await activations({ model }, variables, { data: images, shape: [1, 28, 28] }, ['0'])
 * maps.output // [6, 24, 24]
 */
export async function activations(
  of: Inspected,
  variables: Variables,
  inputs: Inputs,
  paths: readonly string[],
  { batch = BATCH }: ActivationsOptions = {},
): Promise<Activation[]> {
  const { data, shape } = inputs
  const width = sizeOf(shape)
  const samples = samplesIn(inputs)
  if (!Number.isInteger(batch) || batch < 1)
    throw new UsageError(`batch is ${batch}: give a whole number of at least 1`)
  if (paths.length === 0) return []
  const type = { dtype: data instanceof Uint8Array ? ('uint8' as const) : ('float32' as const), shape }
  let found: readonly Activation[] = []
  let probe: Probe | undefined
  for (let begin = 0; begin < samples; begin += batch) {
    const size = Math.min(batch, samples - begin)
    if (probe?.size !== size) {
      probe?.dispose()
      probe = await makeProbe(of, variables, type, paths, size)
    }
    if (begin === 0)
      found = probe.layers.map((layer) => ({ ...layer, data: new Float32Array(samples * sizeOf(layer.output)) }))
    const outputs = await probe.run(data.subarray(begin * width, (begin + size) * width))
    for (const [l, { data: whole, output }] of found.entries()) whole.set(outputs[l] ?? [], begin * sizeOf(output))
  }
  probe?.dispose()
  return [...found]
}

/** @throws UsageError where the numbers are no whole number of samples, or none */
export function samplesIn({ data, shape }: Inputs): number {
  const samples = data.length / sizeOf(shape)
  if (!Number.isInteger(samples) || samples === 0)
    throw new UsageError(
      `there are ${data.length} numbers, which is no whole number of samples of ${formatShape(shape)}: give n × ${sizeOf(shape)}`,
    )
  return samples
}

/** A compiled pass for one batch size. */
export interface Probe {
  readonly size: number
  readonly layers: readonly InspectedLayer[]
  run(samples: TypedArray): Promise<readonly TypedArray[]>
  dispose(): void
}

/** Compiles what computes the outputs of layers for batches of one size. */
export async function makeProbe(
  { model, prepare = (x) => x }: Inspected,
  variables: Variables,
  { dtype, shape }: TensorType,
  paths: readonly string[],
  size: number,
): Promise<Probe> {
  const typeOf = ({ shape: own }: { readonly shape: Shape }): TensorType => ({ dtype: 'float32', shape: own })
  const { parameters, buffers } = variables
  let layers: readonly InspectedLayer[] = []
  const program = await compile(
    (weights, statistics, x: Tensor) => {
      const { calls } = applyModel(model, weights, prepare(x), { buffers: statistics })
      const known = byPath(calls)
      const asked = paths.map((path) => known.get(path) ?? unknown(path, known))
      layers = asked.map(described)
      return asked.map(({ output }) => output)
    },
    mapLeaves(parameters, isWeights, typeOf),
    mapLeaves(buffers, isWeights, typeOf),
    { dtype, shape: [size, ...shape] },
  )
  const weights = [...leavesOf(parameters, isWeights), ...leavesOf(buffers, isWeights)].map(({ leaf }) => leaf.data)
  return {
    size,
    layers,
    run: (samples) => program.runFlat([...weights, samples]),
    dispose: program.dispose,
  }
}

/** Of calls with one path, the last; the order is that of the last calls. */
export function byPath(calls: readonly LayerCall[]): ReadonlyMap<string, LayerCall> {
  const known = new Map<string, LayerCall>()
  for (const call of calls) {
    known.delete(call.path)
    known.set(call.path, call)
  }
  return known
}

/** A call without its tensors. */
export const described = ({ path, layer, input, output }: LayerCall): InspectedLayer => ({
  path,
  layer,
  input: input.shape.slice(1),
  output: output.shape.slice(1),
})

/** Refuses a path that is no layer. */
export function unknown(path: string, known: ReadonlyMap<string, unknown>): never {
  const paths = [...known.keys()].filter((one) => one !== '')
  throw new UsageError(`${missingName('the model', 'layer', path, paths)}`)
}
