import type { ClassScores, Figure, GridImage, JudgedSample, SavedPicture } from '../figures/index.ts'
import type { Manifest, MetricRecord, Summary } from '../runs/index.ts'
import type { Picture } from './document.ts'
import type { MeasuredScore } from './evaluation/scores.ts'

/** A share measured on n examples, with its 95 % interval. */
export interface MeasuredShare {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly n: number
}

/** A test example that a report shows: as a picture where it is one, else by the columns of its row. */
export interface ShownSample extends JudgedSample {
  readonly image?: GridImage
  /** The image as a file. */
  readonly png?: Uint8Array
  readonly columns?: readonly (readonly [name: string, value: string])[]
}

/** Where a chart stands in a report. */
export type ChartSection = 'ranking' | 'calibration' | 'errors'

/** A figure of the test predictions, and what is said under it. */
export interface Chart {
  /** Of its files under `figures/`. */
  readonly name: string
  readonly section: ChartSection
  readonly figure: Figure
  readonly caption: string
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
  /** Every metric over the test split. */
  readonly scores?: readonly MeasuredScore[]
  readonly charts?: readonly Chart[]
  /** Wrong predictions, the surest first. */
  readonly mistakes?: readonly ShownSample[]
  /** Predictions, the least sure first. */
  readonly uncertain?: readonly ShownSample[]
  /** Which weights were tested, where it is not those of the last step. */
  readonly tested?: string
  /** What is not shown, and why. */
  readonly notes?: readonly string[]
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

/** A chart as it is shown. */
export type RenderedChart = Omit<Chart, 'figure'> & RenderedFigure

/** Everything in a report on one run. */
export interface RunReportContent extends Omit<RunReportExtras, 'charts'> {
  readonly manifest: Manifest
  readonly records: readonly MetricRecord[]
  readonly summary: Summary
  readonly charts?: readonly RenderedChart[]
  readonly figures: {
    readonly curves?: RenderedFigure
    readonly confusion?: RenderedFigure
    /** In percent of each true class, where classes are unequal. */
    readonly confusionShares?: RenderedFigure
    readonly perClass?: RenderedFigure
  }
}
