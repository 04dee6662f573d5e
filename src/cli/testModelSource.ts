import { existsSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import type { DataSource, LoadHooks } from '../data/index.ts'
import { cifar10, fashionMnist, mnist } from '../data/node.ts'
import type { Encoding } from '../data/table/encoding.ts'
import { UsageError } from '../errors.ts'
import { type Run, readEncoding } from '../runs/index.ts'
import {
  loadNetwork,
  loadWeightsFile,
  onnxFile,
  type Samples,
  type SplitName,
  samplesFromFiles,
  samplesOfRun,
  type TestedModel,
  testedNetwork,
  type WeightsChoice,
} from '../runs/testModel/index.ts'
import { type Experiment, prepare } from '../train/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { loadExperiment } from './loadExperiment.ts'

/** A model that is asked about samples, and where it is from. */
export interface Asked {
  readonly model: TestedModel
  readonly run?: Run | undefined
  /** Absent of a foreign model, and of a run whose file is not there. */
  readonly experiment?: Experiment
  /** Of a run on a table. */
  readonly encoding?: Encoding
}

export interface ModelOptions {
  readonly weights?: WeightsChoice | undefined
  readonly model?: string | undefined
  readonly file?: string | undefined
  readonly task?: 'classification' | 'regression' | undefined
  readonly classes?: readonly string[] | undefined
  readonly data?: string | undefined
}

/** Loads a run's model, an `.onnx` file, or weights with the experiment that they are for. */
export async function askedOf(
  what: string,
  run: Run | undefined,
  { weights, model, file, task, classes, data }: ModelOptions,
  hooks: LoadHooks,
): Promise<Asked> {
  if (run !== undefined) {
    if (task !== undefined || classes !== undefined || model !== undefined)
      throw new UsageError(
        `--task, --classes and --model are for files, and a run knows these of itself: leave them out`,
      )
    return askedRun(run, { weights, file, data }, hooks)
  }
  if (weights !== undefined || file !== undefined)
    throw new UsageError(`--weights and --file are for runs, and ${what} is a file: leave them out`)
  const path = resolve(what)
  if (extname(what).toLowerCase() === '.onnx') {
    if (data === undefined) throw new UsageError(`${what} has no data of its own: say what to predict by --data`)
    return { model: await onnxFile(path, { ...(task && { task }), ...(classes && { classes }) }) }
  }
  if (model === undefined)
    throw new UsageError(`${what} holds weights alone: give the experiment file that they are for by --model`)
  const experiment = await loadExperiment(resolve(model))
  return { experiment, model: testedNetwork(await loadWeightsFile(path, experiment, hooks), experiment) }
}

async function askedRun(
  run: Run,
  { weights, file, data }: Pick<ModelOptions, 'weights' | 'file' | 'data'>,
  hooks: LoadHooks,
): Promise<Asked> {
  const hasEncoding = existsSync(join(run.folder, 'encoding.json'))
  const encoding = hasEncoding ? { encoding: await readEncoding(run) } : {}
  try {
    const experiment = await experimentOfRun(run, file)
    const loaded = await loadNetwork(run, experiment, { ...hooks, ...(weights && { weights }) })
    return { run, experiment, ...encoding, model: testedNetwork(loaded, experiment) }
  } catch (error) {
    const onnx = join(run.folder, 'model.onnx')
    const isFinal = weights === undefined || weights === 'final'
    // Its network and preparation are in the run’s folder; only its own data and its metrics are not.
    if (!(error instanceof UsageError) || file !== undefined || data === undefined || !isFinal || !existsSync(onnx))
      throw error
    const model = await onnxFile(onnx, { task: run.manifest.data.classes ? 'classification' : 'regression' })
    const why = `the run’s model.onnx is used and judged by the usual metrics, because its experiment cannot be loaded (${error.message})`
    return { run, ...encoding, model: { ...model, name: `run ${run.id}`, notes: [why] } }
  }
}

const NAMED: Readonly<Record<string, () => DataSource>> = {
  mnist,
  fashionMnist,
  'fashion-mnist': fashionMnist,
  cifar10,
}

export interface DataOptions {
  readonly data?: string | undefined
  readonly split: SplitName
  readonly target?: string | undefined
  readonly resize?: true | undefined
}

/** What the model is asked about. */
export async function samplesFor(
  {
    model,
    run,
    experiment,
    encoding,
  }: Pick<Asked, 'run' | 'experiment' | 'encoding'> & { readonly model: TestedModel },
  { data, split, target, resize }: DataOptions,
  hooks: LoadHooks,
): Promise<Samples> {
  if (data === undefined) {
    if (experiment === undefined) throw new UsageError('say what to predict by --data')
    return run === undefined ? experimentSamples(experiment, split, hooks) : samplesOfRun(run, experiment, split, hooks)
  }
  const named = Object.hasOwn(NAMED, data) ? NAMED[data] : undefined
  const part = split === 'validation' ? undefined : split
  if (named !== undefined) {
    if (part === undefined)
      throw new UsageError(`${data} has no validation split of its own: give --split train or test`)
    const { [part]: dataset, leftOut = [] } = await named().load(hooks)
    return whole(`${dataset.name}, ${split} split`, dataset, leftOut)
  }
  if (['.ts', '.mts', '.js', '.mjs'].includes(extname(data)))
    return experimentSamples(await loadExperiment(resolve(data)), split, hooks)
  if (part === undefined)
    throw new UsageError(`files have no validation split: leave --split out, or give train or test`)
  return samplesFromFiles(
    data,
    model,
    {
      split: part,
      ...(encoding && { encoding }),
      ...(target !== undefined && { targetColumn: target }),
      ...(resize && { resize }),
      ...(experiment && { source: experiment.data }),
    },
    hooks,
  )
}

async function experimentSamples(experiment: Experiment, split: SplitName, hooks: LoadHooks): Promise<Samples> {
  const prepared = await prepare(experiment, hooks)
  const { dataset, indices } = prepared[split]
  if (indices.length === 0) throw new UsageError(`${dataset.name} has no ${split} split: choose another by --split`)
  return { ...whole(`${dataset.name}, ${split} split`, dataset, prepared.leftOut), indices }
}

const whole = (name: string, dataset: Samples['dataset'], leftOut: Samples['leftOut']): Samples => ({
  name,
  dataset,
  indices: Uint32Array.from({ length: dataset.length }, (_, i) => i),
  labelled: true,
  leftOut,
  notes: [],
})
