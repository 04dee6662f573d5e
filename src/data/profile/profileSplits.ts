import { foldIn, type Key } from '../../random/key.ts'
import { permutation } from '../../random/permutation.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Dataset, Splits } from '../dataset.ts'
import { gather } from '../gather.ts'
import { byteFields } from './byteFields.ts'
import { type Collector, scan } from './collector.ts'
import { featureCorrelation, isCorrelatable } from './correlation.ts'
import { comparable, contentHashes, findDuplicates } from './duplicates.ts'
import { floatFields } from './floatFields.ts'
import { layoutOf, modalityOf, typeOf } from './layout.ts'
import { meanSamples } from './meanSamples.ts'
import { describeNumbers } from './numbers.ts'
import {
  classesOf,
  type NumberField,
  type Problem,
  type Profile,
  type ProfileParts,
  profileKind,
  type SplitProfile,
  samplesByClass,
} from './profile.ts'
import { answersOf } from './questions.ts'

/** A sample to be drawn. */
export interface Picture {
  readonly data: Uint8Array | Float32Array
  readonly caption: string
}

/** What the figures of a profile are drawn from, apart from its numbers. */
export interface ProfilePictures {
  /** Some samples of each class, class after class; without classes, some samples. */
  readonly samples: readonly Picture[]
  /** How many samples of each class there are among them. */
  readonly perClass: number
  /** The mean sample of each class. */
  readonly means: readonly Picture[]
}

export interface ProfileSplitsOptions {
  /** Chance: which samples are shown, and which are looked at where all are too many. */
  readonly key: Key
  /** What is known of the source beside its samples. */
  readonly facts?: Profile['facts']
  /** Called now and then with the share that is done, from 0 to 1, and waited for. */
  onProgress?(share: number): void | Promise<void>
}

/** Samples shown: of each class, and without classes. */
const SHOWN_OF_CLASS = 10
const SHOWN = 40
const SHOWN_CLASSES = 30

/**
 * Looks at every sample of a data set once: range, quantiles, classes, correlation, copies within and between the splits, and answers
 * from that the eight questions that are asked before training.
 *
 * @example
 * const { profile } = await profileSplits(await mnist().load(), { key: key(0) })
 * profile.answers[0] // { question: 'How many samples are there?', answer: '70,000 images: 60,000 to train and 10,000 to test.' }
 */
export async function profileSplits(
  splits: Splits,
  { key, facts = [], onProgress = () => {} }: ProfileSplitsOptions,
): Promise<{ readonly profile: Profile; readonly pictures: ProfilePictures }> {
  const { train, test } = splits
  const modality = modalityOf(train.inputs)
  const names = layoutOf(train).names
  const all = train.length + test.length
  const means = meanSamples(train, modality === 'audio' ? 'loudness' : 'brightness')
  const correlation = isCorrelatable(train.inputs.shape, names.length) ? featureCorrelation(names) : undefined
  const [trainHashes, testHashes] = [contentHashes(train), contentHashes(test)]
  const [trainFields, testFields] = [fieldsOf(train, key), fieldsOf(test, key)]
  await scan(train, [trainFields, trainHashes, means, ...(correlation ? [correlation] : [])], (n) =>
    onProgress(n / all),
  )
  await scan(test, [testFields, testHashes], (n) => onProgress((train.length + n) / all))
  const averages = means.result()
  const parts: ProfileParts = {
    name: train.name,
    modality,
    shape: train.inputs.shape,
    dtype: typeOf(train),
    splits: [
      splitOf(test.length > 0 ? 'train' : 'all', train, trainFields),
      ...(test.length > 0 ? [splitOf('test', test, testFields)] : []),
    ],
    problem: problemOf(train),
    ...(modality !== 'vectors' && { sampleMeans: averages.values }),
    constantFeatures: averages.constant,
    duplicates: findDuplicates(
      comparable(test.length > 0 ? 'train' : 'sample', train, trainHashes.result()),
      comparable('test', test, testHashes.result()),
    ),
    ...(correlation && { correlation: correlation.result() }),
    leftOut: splits.leftOut ?? [],
    facts,
  }
  const classes = classesOf(parts.problem)
  return {
    profile: profileKind.mark({ ...parts, answers: answersOf(parts) }),
    pictures: {
      ...(await shown(train, key)),
      means: averages.samples.map((data, c) => ({
        data,
        caption: averages.samples.length > 1 ? (classes?.[c] ?? '') : 'all',
      })),
    },
  }
}

function fieldsOf(dataset: Dataset, key: Key): Collector<NumberField[]> {
  const layout = layoutOf(dataset)
  const outliers = modalityOf(dataset.inputs) === 'vectors'
  return typeOf(dataset) === 'uint8'
    ? byteFields(layout, { outliers })
    : floatFields(layout, { samples: dataset.length, key: foldIn(key, 'quantiles'), outliers })
}

function splitOf(name: SplitProfile['name'], dataset: Dataset, fields: Collector<NumberField[]>): SplitProfile {
  const { length, fingerprint, targets } = dataset
  const classCounts = samplesByClass(targets).map((group) => group.length)
  return {
    name,
    samples: length,
    fingerprint,
    fields: fields.result(),
    ...(targets.task === 'classification' && targets.classes.length > 1 && { classCounts }),
  }
}

function problemOf({ targets, encoding }: Dataset): Problem {
  const target = encoding?.target
  // One class is none: the folder that all files lie in.
  if (targets.task === 'classification' && targets.classes.length < 2) return { task: 'unknown' }
  if (targets.task === 'classification')
    return {
      task: 'classification',
      target: target?.task === 'classification' ? target.column : 'class',
      classes: targets.classes,
    }
  const named = target?.task === 'regression' ? target.columns.join(', ') : 'target'
  return { task: 'regression', target: named, field: describeNumbers(named, 'float32', targets.values) }
}

/** Samples drawn with the key: the same number of each class, or of all. */
async function shown(dataset: Dataset, key: Key): Promise<Pick<ProfilePictures, 'samples' | 'perClass'>> {
  const { targets, length, inputs } = dataset
  const drawKey = foldIn(key, 'shown')
  const draw = (group: readonly number[], n: number, c: number): number[] =>
    Array.from(permutation(foldIn(drawKey, c), group.length).subarray(0, n), (i) => group[i] ?? 0).sort((a, b) => a - b)
  const groups = samplesByClass(targets).slice(0, SHOWN_CLASSES)
  const chosen =
    groups.length > 0
      ? groups.flatMap((group, c) => draw(group, SHOWN_OF_CLASS, c))
      : draw(
          Array.from({ length }, (_, i) => i),
          SHOWN,
          0,
        )
  const batch = await gather(dataset, Uint32Array.from(chosen))
  const width = sizeOf(inputs.shape)
  const caption = (i: number): string =>
    targets.task === 'classification' ? (targets.classes[targets.labels[i] ?? 0] ?? '') : `sample ${i}`
  return {
    perClass: groups.length > 0 ? SHOWN_OF_CLASS : 0,
    samples: chosen.map((i, at) => ({ data: batch.inputs.slice(at * width, (at + 1) * width), caption: caption(i) })),
  }
}
