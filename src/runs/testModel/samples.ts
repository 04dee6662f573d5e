import { type Dataset, gather, type LeftOut, type LoadHooks, storageTypeOf, validateDataset } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { formatShape, sizeOf } from '../../tensor/index.ts'
import type { Split } from '../../train/evaluate.ts'
import type { Experiment } from '../../train/index.ts'
import { readDivision } from '../data.ts'
import type { Run } from '../read.ts'
import type { TestedModel } from './model.ts'

export const SPLITS = ['train', 'validation', 'test'] as const
export type SplitName = (typeof SPLITS)[number]

/** What identifies each sample to its owner, in the samples' order. */
export type Origins =
  | { readonly column: 'file'; readonly values: readonly string[] }
  | { readonly column: 'row'; readonly values: Uint32Array }

/** Samples that a model is asked about. */
export interface Samples extends Split {
  /** In messages and headings. */
  readonly name: string
  /** Whether the targets are true. Where they are not, they are zeros that nobody may look at. */
  readonly labelled: boolean
  readonly origins?: Origins
  readonly leftOut: readonly LeftOut[]
  /** What a user should know of them. */
  readonly notes: readonly string[]
}

/**
 * A split of a run's own data, as its experiment loads them now.
 *
 * @throws UsageError where the split is empty, or the training data are others than those that were divided
 */
export async function samplesOfRun(
  run: Run,
  experiment: Experiment,
  split: SplitName,
  hooks: LoadHooks = {},
): Promise<Samples> {
  const { train, test, leftOut = [] } = await experiment.data.load(hooks)
  const { fingerprint, name } = run.manifest.data
  const part = split === 'test' ? test : train
  const known = split === 'test' ? fingerprint.test : fingerprint.train
  if (split !== 'test' && train.fingerprint !== known)
    throw new UsageError(
      `${name}: the training data are others than those that run ${run.id} divided (${short(train.fingerprint)} in place of ${short(known)}): give the data as they were, or test on --split test`,
    )
  const indices = split === 'test' ? all(test.length) : (await readDivision(run))[split]
  if (indices.length === 0) throw new UsageError(`${name} has no ${split} split: choose another by --split`)
  return {
    name: `${name}, ${split} split`,
    dataset: part,
    indices,
    labelled: true,
    ...(part.rows && { origins: { column: 'row', values: indices.map((i) => part.rows?.[i] ?? 0) } }),
    leftOut,
    notes:
      part.fingerprint === known
        ? []
        : [
            `the ${split} data are others than those of the run (fingerprint ${short(part.fingerprint)} in place of ${short(known)})`,
          ],
  }
}

export const all = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)
const short = (fingerprint: string): string => fingerprint.slice(0, 12)

export interface FitOptions {
  /** What the bytes 0 and 255 become, for a network that takes float32. */
  readonly range?: readonly [number, number]
}

/**
 * Samples as a model takes them: shapes compared, bytes made into numbers where that is asked for, labels numbered by the model's classes.
 * Labels that mean something else to the model are left aside, and that is noted.
 *
 * @throws UsageError naming both shapes, types or lists of classes where they do not go together, or a value that is missing
 */
export function fitSamples(samples: Samples, model: TestedModel, { range }: FitOptions = {}): Samples {
  const { dataset, name } = samples
  if (dataset.inputs.shape.join() !== model.sample.join())
    throw new UsageError(
      `${model.name} takes samples of ${formatShape(model.sample)}, and those of ${name} are ${formatShape(dataset.inputs.shape)}: give samples of the shape that it was trained on`,
    )
  const stored = storageTypeOf(dataset.inputs)
  if (stored === 'float32' && model.dtype === 'uint8')
    throw new UsageError(`${model.name} takes bytes (0 to 255), and ${name} has numbers: give the images themselves`)
  if (stored === 'uint8' && model.dtype === 'float32' && range === undefined)
    throw new UsageError(
      `${model.name} takes float32 numbers, and ${name} has bytes: say what 0 and 255 become, as in --range 0,1 (or --range 0,255 to give them as they are)`,
    )
  const known = aligned(
    { ...samples, dataset: stored === model.dtype || range === undefined ? dataset : scaled(dataset, range) },
    model,
  )
  validateDataset(known.dataset, name, { missing: model.fillsMissing })
  return known
}

/** Bytes as numbers from low to high, made batch by batch. */
function scaled(dataset: Dataset, [low, high]: readonly [number, number]): Dataset {
  const { shape } = dataset.inputs
  return {
    ...dataset,
    inputs: {
      dtype: 'float32',
      shape,
      length: dataset.length,
      read: async (indices, out) => {
        const { inputs } = await gather(dataset, indices)
        for (let i = 0; i < inputs.length; i++) out[i] = low + ((inputs[i] ?? 0) / 255) * (high - low)
      },
    },
  }
}

/** Targets as the model's. */
function aligned(samples: Samples, { name, target, classesUnnamed }: TestedModel): Samples {
  const { dataset, labelled, notes } = samples
  const { targets } = dataset
  const blank = (why?: string): Samples => ({
    ...samples,
    labelled: false,
    dataset: {
      ...dataset,
      targets:
        target.task === 'classification'
          ? { task: 'classification', classes: target.classes, labels: new Int32Array(dataset.length) }
          : {
              task: 'regression',
              shape: target.shape,
              values: new Float32Array(dataset.length * sizeOf(target.shape)),
            },
    },
    notes: why === undefined ? notes : [...notes, `${why}: predictions are not judged`],
  })
  if (!labelled) return blank()
  if (target.task === 'regression')
    return targets.task === 'regression' && targets.shape.join() === target.shape.join()
      ? samples
      : blank(`${name} predicts ${formatShape(target.shape)} numbers, and ${samples.name} has no such targets`)
  if (targets.task === 'regression') return blank(`${name} tells classes apart, and ${samples.name} has numbers`)
  const { classes } = target
  if (classesUnnamed && targets.classes.length === classes.length) return samples
  const numberOf = targets.classes.map((one) => classes.indexOf(one))
  const unknown = targets.classes.filter((_, i) => numberOf[i] === -1)
  if (unknown.length === targets.classes.length)
    return blank(`no class of ${samples.name} (${listed(targets.classes)}) is one of ${name} (${listed(classes)})`)
  if (unknown.length > 0)
    throw new UsageError(
      `${samples.name} has the classes ${listed(unknown)}, which ${name} does not know (${listed(classes)}): rename or remove them`,
    )
  const labels = targets.labels.map((label) => numberOf[label] ?? 0)
  return { ...samples, dataset: { ...dataset, targets: { task: 'classification', classes, labels } } }
}

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ')

/** Class names where the model's are only numbers: those of the samples. */
export function namedClasses(
  { target, classesUnnamed }: TestedModel,
  { dataset: { targets } }: Samples,
): readonly string[] {
  if (target.task !== 'classification') return []
  return classesUnnamed && targets.task === 'classification' && targets.classes.length === target.classes.length
    ? targets.classes
    : target.classes
}
