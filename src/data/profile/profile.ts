import { ResultKind } from '../../display.ts'
import type { Shape } from '../../tensor/shape.ts'
import type { LeftOut, StorageType, Targets } from '../dataset.ts'

/** Counts of values in intervals of equal width from `low` to `high`, which the last one includes. */
export interface Histogram {
  readonly low: number
  readonly high: number
  readonly counts: readonly number[]
}

/** Values beyond Tukey's fences: `low` = q25 − 1.5 IQR, `high` = q75 + 1.5 IQR with IQR = q75 − q25 ("Exploratory Data Analysis", 1977). */
export interface Outliers {
  readonly count: number
  readonly low: number
  readonly high: number
}

/** Numbers: a feature, a channel, a column, a target. Statistics are of the values that are there. */
export interface NumberField {
  readonly kind: 'number'
  readonly name: string
  /** As stored: `uint8`, `float32`, or the type of a table's column. */
  readonly type: string
  readonly count: number
  readonly missing: number
  /** Different values; absent where they were not counted. */
  readonly unique?: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Of the population: divided by n. */
  readonly std: number
  readonly q25: number
  readonly median: number
  readonly q75: number
  /** Values that are 0. */
  readonly zeros: number
  readonly histogram: Histogram
  /** Absent where single values say little, as of pixels. */
  readonly outliers?: Outliers
  /** Of how many values quantiles, histogram and outliers are; absent: of all. */
  readonly sampled?: number
}

/** Texts, categories and truth values. */
export interface TextField {
  readonly kind: 'text'
  readonly name: string
  readonly type: string
  readonly count: number
  readonly missing: number
  readonly unique: number
  /** The most frequent values, the first of equal ones in ascending order. */
  readonly top: readonly { readonly value: string; readonly count: number }[]
  /** What is odd, such as a column of numbers with some texts. */
  readonly note?: string
}

export type Field = NumberField | TextField

/** One split, or all of a table that has none. */
export interface SplitProfile {
  readonly name: 'train' | 'test' | 'all'
  readonly samples: number
  /** SHA-256 of the content, see `Dataset`. */
  readonly fingerprint?: string
  readonly fields: readonly Field[]
  /** Samples of each class. */
  readonly classCounts?: readonly number[]
}

/** Samples whose content (not their target) is the same: by SHA-256, rows of tables cell by cell. */
export interface Duplicates {
  /** Samples of the training split (or the table) that repeat an earlier one. */
  readonly withinTrain: number
  readonly withinTest: number
  /** Samples of the test split whose content is in the training split too: a score on them is no test. */
  readonly between: number
  /** Contents that stand under more than one target. */
  readonly conflicting: number
  /** Some of the pairs, as `test 17 = train 4`; numbers count from 0, rows of tables from 1. */
  readonly examples: readonly string[]
}

/** Pearson's r of every two fields of numbers; null where one is constant. */
export interface Correlation {
  readonly names: readonly string[]
  /** [k, k] */
  readonly matrix: readonly (readonly (number | null)[])[]
}

export interface Answer {
  readonly question: string
  readonly answer: string
}

export type Modality = 'images' | 'audio' | 'table' | 'vectors'

/** What the samples are to be used for. */
export type Problem =
  | {
      readonly task: 'classification'
      readonly target: string
      readonly classes: readonly string[]
      readonly guessed?: boolean
    }
  | { readonly task: 'regression'; readonly target: string; readonly field: NumberField; readonly guessed?: boolean }
  | { readonly task: 'unknown' }

/** What is in a data set. Plain data: it is what `assay profile --json` prints. */
export interface Profile {
  readonly name: string
  readonly modality: Modality
  /** Shape of one sample; of a table, [columns]. */
  readonly shape: Shape
  readonly dtype: StorageType | 'columns'
  readonly splits: readonly SplitProfile[]
  readonly problem: Problem
  /** Of images and sounds: the mean value of each sample, over the training split. */
  readonly sampleMeans?: NumberField
  /** Features (pixels, columns) that have the same value in every training sample. */
  readonly constantFeatures: number
  readonly duplicates: Duplicates
  readonly correlation?: Correlation
  /** Numbers of samples, values and outliers to be looked at. */
  readonly leftOut: readonly LeftOut[]
  /** What else is worth knowing about the source, as names and values. */
  readonly facts: readonly (readonly [string, string])[]
  /** The eight questions that are asked of every data set, answered from the data. */
  readonly answers: readonly Answer[]
}

export const profileKind = new ResultKind<Profile>()

/** Everything that the questions are answered from. */
export type ProfileParts = Omit<Profile, 'answers'>

/** The classes' names, where there are any. */
export const classesOf = (problem: Problem): readonly string[] | undefined =>
  problem.task === 'classification' ? problem.classes : undefined

/** Sample numbers of each class. */
export function samplesByClass(targets: Targets): number[][] {
  if (targets.task !== 'classification') return []
  const groups: number[][] = targets.classes.map(() => [])
  for (const [i, label] of targets.labels.entries()) groups[label]?.push(i)
  return groups
}
