import type { SavedPicture } from '../figures/index.ts'
import type { Manifest, MetricRecord, Summary } from '../runs/index.ts'
import type { Picture } from './document.ts'

/** A share measured on n examples, with its 95 % interval. */
export interface MeasuredShare {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly n: number
}

/** Scores of one class on the test split. */
export interface ClassScores {
  readonly name: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Number of test examples of the class. */
  readonly support: number
}

/** A test example that the model got wrong. */
export interface Mistake {
  /** The example as a picture. */
  readonly png: Uint8Array
  readonly label: string
  readonly predicted: string
  /** Probability that the model gave to its wrong answer. */
  readonly confidence: number
  /** Position in the test split. */
  readonly index: number
}

/** The filters of a layer as a picture; see `filterGrid` of the figures. */
export interface FilterPicture {
  readonly png: Uint8Array
  /** Name of the layer in the model. */
  readonly layer: string
  readonly range: readonly [number, number]
  readonly shown: number
  readonly total: number
}

/** A picture with the numbers behind it, and what is said under it. */
export type RunPicture = Picture &
  SavedPicture & {
    /** Of its files under `figures/`. */
    readonly name: string
    readonly caption: string
  }

/** Pictures of images that a network made. */
export interface ImageSection {
  readonly title: string
  readonly pictures: readonly RunPicture[]
}

/** What is computed from the test predictions and the weights, apart from what the run's folder says. */
export interface RunReportExtras {
  readonly testAccuracy?: MeasuredShare
  /** counts[i][j]: test examples of class i predicted as j. */
  readonly confusion?: readonly (readonly number[])[]
  readonly perClass?: readonly ClassScores[]
  readonly filters?: FilterPicture
  /** The worst first. */
  readonly mistakes?: readonly Mistake[]
  /** Where the network makes images: reconstructions, and what a decoder makes of chance. */
  readonly images?: readonly ImageSection[]
  /** Loss of a model that gives every class the same probability: ln k for cross-entropy. */
  readonly lossAtChance?: number
  /** Command that repeats the run. Default: `npx assay run <file>`, where the manifest names a file. */
  readonly command?: string
}

/** An SVG and what it shows in words. */
export interface RenderedFigure {
  readonly svg: string
  readonly alt: string
}

/** Everything in a report on one run. */
export interface RunReportContent extends RunReportExtras {
  readonly manifest: Manifest
  readonly records: readonly MetricRecord[]
  readonly summary: Summary
  readonly figures: { readonly curves?: RenderedFigure; readonly confusion?: RenderedFigure }
}
