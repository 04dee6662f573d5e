import { gradients, isTensor } from '../autodiff/index.ts'
import { UsageError } from '../errors.ts'
import { applyModel, symbolic, type TensorTree } from '../nn/index.ts'
import type { Optimizer } from '../optim/index.ts'
import { keyType } from '../random/index.ts'
import { graphOf, writeOnnx } from '../runtime/index.ts'
import { simplify } from '../runtime/simplify/index.ts'
import { add, leavesOf, placeholder, type Tensor } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { contentsOf } from './export.ts'
import { initialVariables, type Prepared } from './prepare.ts'

export interface TrainStepOptions {
  /** Samples in a step; default: the experiment's batch size. */
  readonly batch?: number
  /** Put the optimiser's update inside; default: the step gives gradients. */
  readonly update?: boolean
  /** Further entries of the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Tensors by their names in the file. */
type Named = ReadonlyMap<string, Tensor>

const named = (tree: TensorTree): Named => new Map(leavesOf(tree, isTensor).map(({ path, leaf }) => [path, leaf]))

const renamed = (prefix: string, tensors: Named): Named =>
  new Map([...tensors].map(([name, tensor]) => [`${prefix}.${name}`, tensor]))

/**
 * One training step as the bytes of an `.onnx` file, in standard ops, so that any ONNX Runtime can train the network. The
 * file holds no weights; it takes them and gives what becomes of them, by PyTorch's names. What it takes:
 *
 * - `0.weight`, `1.running_mean`, …: weights and running statistics
 * - `x`, `[batch, …sample]` as stored (the transforms are inside; an augmentation is not), and `target`, int32 labels or float32 values
 * - `random.2`, …: for each layer that draws, other numbers in each step, of the kind that the metadata `random` says
 * - with `update`: `optimizer.exp_avg.0.weight`, …, the optimiser's state, zeros at first, and scalars under the names of
 *   the metadata `coefficients`, which says how they follow from the learning rate and the step
 *
 * What it gives:
 *
 * - `loss`, the batch's mean before the update, and `output`, what the network puts out
 * - `grad.0.weight`, …: the gradients, unless the update is inside
 * - `new.1.running_mean`, …, with `update` also `new.0.weight`, …: what to feed in the next step under the name after `new.`
 *
 * @throws UsageError where `batch` is no count, or a weight has a name that is taken
 * @example
 * const bytes = trainStepOnnx(experiment, await prepare(experiment), { update: true })
 */
export function trainStepOnnx(experiment: Experiment, prepared: Prepared, options: TrainStepOptions = {}): Uint8Array {
  const { batch = experiment.batchSize, update = false, metadata = {} } = options
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new UsageError(`trainStepOnnx: batch is ${batch}: give a whole number of at least 1`)
  requireExportable(experiment, update)
  const { loss, optimizer } = experiment
  const initial = initialVariables(prepared, 0)
  const [parameters, buffers] = [symbolic(initial.parameters), symbolic(initial.buffers)]
  const weights = named(parameters)
  const x = placeholder('x', { dtype: prepared.inputDtype, shape: [batch, ...prepared.train.dataset.inputs.shape] })
  const target = placeholder('target', loss.targetType(batch, prepared.target))
  const key = placeholder('key', keyType)

  const { model, prepare } = prepared.network
  const step = applyModel(model, parameters, prepare(x), { buffers, training: true, key })
  const { output, bufferUpdates, losses } = step
  const value = losses.reduce((sum, own) => add(sum, own), loss.apply(output, target))
  const slopes = named(gradients(value, parameters))
  const change = update ? updateOf(optimizer, weights, slopes) : undefined

  const outputs = unique([
    ...[['loss', value] as const, ['output', output] as const],
    ...(change === undefined ? renamed('grad', slopes) : renamed('new', change.results)),
    ...renamed('new', bufferUpdates),
  ])
  const inputs = unique([
    ...weights,
    ...named(buffers),
    ...[['x', x] as const, ['target', target] as const],
    ...(change === undefined ? [] : [...change.state, ...change.coefficients]),
  ])
  const graph = graphOf([...inputs.values(), key], simplify([...outputs.values()]))
  const random = randomNames(graph.hostValues)
  unique([...inputs, ...random.map((name): [string, Tensor] => [name, key]), ...outputs])

  // The key is for the host alone: who runs the file draws the random numbers.
  const fed = { ...graph, inputs: [...inputs.values()] }
  return writeOnnx(fed, {
    target: 'standard',
    names: { inputs: [...inputs.keys()], hostValues: random, outputs: [...outputs.keys()] },
    metadata: {
      step: update ? 'a training step with the update inside' : 'a training step up to the gradients',
      ...contentsOf(prepared),
      loss: JSON.stringify({ kind: loss.kind, ...loss.config }),
      ...(update && {
        optimizer: JSON.stringify({ kind: optimizer.kind, ...optimizer.config }),
        coefficients: JSON.stringify(formulasOf(optimizer)),
      }),
      ...(random.length > 0 && { random: JSON.stringify(describeRandom(graph.hostValues, random)) }),
      ...metadata,
    },
  })
}

/** What a step does beside the optimiser's update is done on the host, and no file can hold it. */
function requireExportable(experiment: Experiment, update: boolean): void {
  const { mixup, regularizers, clip, averaging, accumulate } = experiment
  if (mixup !== undefined)
    throw new UsageError(
      'a training step with mixup cannot be exported: leave it out, as in experiment.with({ mixup: undefined })',
    )
  if (!update) return
  const what = [
    ...regularizers.map(({ kind }) => kind),
    ...(clip ? ['clip'] : []),
    ...(averaging ? [averaging.kind] : []),
    ...(accumulate > 1 ? ['accumulate'] : []),
  ]
  if (what.length === 0) return
  throw new UsageError(
    `a training step with the update inside cannot be exported, as it has no place for ${what.join(', ')}: leave the update out`,
  )
}

/** Whoever runs the file must be able to work out what changes from step to step. */
function formulasOf({ kind, formulas }: Optimizer): Readonly<Record<string, string>> {
  if (formulas === undefined)
    throw new UsageError(
      `a training step with the update of ${kind} inside cannot be exported, as its coefficients have no formula: leave the update out, or train with another optimiser`,
    )
  return formulas
}

/** The optimiser's update of every weight by itself. */
function updateOf(optimizer: Optimizer, weights: Named, slopes: Named) {
  const rates = Object.keys(optimizer.coefficients(1, optimizer.lr))
  const coefficients = new Map(rates.map((name) => [name, placeholder(name, { dtype: 'float32', shape: [] })]))
  const scalars = Object.fromEntries(coefficients)
  const state = new Map<string, Tensor>()
  const results = new Map<string, Tensor>()
  for (const [name, parameter] of weights) {
    const gradient = slopes.get(name)
    if (gradient === undefined) throw new Error(`there is no gradient of ${name}`)
    const moments = optimizer.state.map((kind) => [kind, placeholder(kind, parameter)] as const)
    for (const [kind, moment] of moments) state.set(`optimizer.${kind}.${name}`, moment)
    const updated = optimizer.update({ parameter, gradient, ...Object.fromEntries(moments) }, scalars)
    for (const [kind, result] of Object.entries(updated))
      results.set(kind === 'parameter' ? name : `optimizer.${kind}.${name}`, result)
  }
  return { coefficients, state, results }
}

/** Random numbers are named after the layer that draws them, whose path was folded into its key name by name. */
function randomNames(hostValues: readonly Tensor[]): string[] {
  const counts = new Map<string, number>()
  return hostValues.map((drawn) => {
    const name = ['random', ...foldedPath(drawn.inputs[0])].join('.')
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return count === 0 ? name : `${name}.${count}`
  })
}

function foldedPath(key: Tensor | undefined): string[] {
  const attributes = key?.operation.describe(key)
  const isFolded = typeof attributes === 'object' && attributes !== null && 'data' in attributes
  return key?.operation.name === 'foldIn' && isFolded ? [...foldedPath(key.inputs[0]), String(attributes.data)] : []
}

const meanings: Readonly<Record<string, string>> = {
  randomUniform: 'uniform in [0, 1)',
  dropoutMask: '0 with probability p, else 1 / (1 - p)',
}

const describeRandom = (hostValues: readonly Tensor[], names: readonly string[]) =>
  Object.fromEntries(
    hostValues.map((tensor, i) => {
      const { name } = tensor.operation
      const attributes = tensor.operation.describe(tensor)
      return [names[i], { values: meanings[name] ?? name, ...(typeof attributes === 'object' ? attributes : {}) }]
    }),
  )

function unique(entries: Iterable<readonly [string, Tensor]>): Named {
  const all = new Map<string, Tensor>()
  for (const [name, tensor] of entries) {
    if (all.has(name))
      throw new UsageError(`a weight of the model is named "${name}", which the exported step needs: call it otherwise`)
    all.set(name, tensor)
  }
  return all
}
