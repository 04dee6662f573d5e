import type { LeftOut, LoadProgress } from '../../data/index.ts'
import type { MetricRecord, SinkRun } from '../../runs/index.ts'
import type { Assertion, EpochReport, EvaluationReport, Json, PhaseTimes, Scores } from '../../train/index.ts'

/** A path into the experiment and its new value: `--set optimizer.lr=0.01`. */
export type Setting = readonly [path: string, value: Json]

/** What the main thread asks of the training thread: new runs of an experiment, or to go on with one. */
export type Task = NewRuns | ResumedRun

export interface NewRuns {
  /** Absolute path of the experiment file. */
  readonly file: string
  /** Folder that holds the runs. */
  readonly root: string
  /** Settings that replace the file's, in order. */
  readonly settings: readonly Setting[]
  /** Values of settings: every combination of them is a cell of its own, as in a grid. */
  readonly axes?: Axes
  /** Whether what has been trained before is trained anew, or counts; default: it counts in a grid alone. */
  readonly repeats?: boolean
  /** Whether all are told of together, on a page and in a table, and held against what the file asserts; default true. */
  readonly tellsAll?: boolean
}

/** By the path of a setting its values. */
export type Axes = Readonly<Record<string, readonly Json[]>>

export interface ResumedRun {
  /** Folder of the run. */
  readonly resume: string
  /** Path of the experiment file, where it is not what the manifest says. */
  readonly file?: string
}

export type Job = Task & {
  /** Seconds between two checkpoints; absent: chosen so that they cost little. */
  readonly checkpointEvery?: number
  /** Whether the main thread wants what is logged. */
  readonly isTracked: boolean
  /** Whether this thread says what is to be trained. */
  readonly plans: boolean
  /** One int32: not 0 when the training is to stop after the step under way. */
  readonly stop: SharedArrayBuffer
}

/** One training of a task. */
export interface Turn {
  /** Place among all of the task, from 0. */
  readonly index: number
  /** Which of the task's experiments, from 0. */
  readonly cell: number
  readonly seed: number
  /** Folder of a run to go on with. */
  readonly resume?: string
}

/** What came of one of the asserts of an experiment. */
export interface CellAssertion extends Assertion {
  /** Which cell of a grid, by its labels; absent for one experiment. */
  readonly cell?: string
}

/** What came of a training, now or before. */
export interface Result {
  readonly cell: number
  readonly seed: number
  readonly status: 'finished' | 'interrupted' | 'diverged' | 'failed'
  /** Absent where the training diverged or failed. */
  readonly run?: { readonly id: string; readonly folder: string }
}

/** What came of an experiment, or of one of a grid's, in the order of its seeds. */
export interface CellResults {
  /** The experiment's. */
  readonly name: string
  /** What tells it from the others, by axis; none of an experiment by itself. */
  readonly labels: Readonly<Record<string, string>>
  readonly results: readonly Result[]
}

/** What a task comes to. */
export interface Plan {
  /** What is to be trained, in order. */
  readonly turns: readonly Turn[]
  /** What has been trained before. */
  readonly known: readonly Result[]
}

/** What the main thread asks of a training thread, one thing at a time. */
export type Order =
  | {
      readonly type: 'train'
      readonly turn: Turn
      /** Trainings of the task, those from before with them. */
      readonly turns: number
      /** Threads inside one op. */
      readonly threads?: number
    }
  /** Tell what all the results come to. */
  | { readonly type: 'conclude'; readonly results: readonly Result[] }

/** What is told of one run when it has ended. */
export interface Outcome {
  readonly id: string
  readonly folder: string
  /** Of one training of several, what it is called. */
  readonly title?: string
  readonly seed: number
  readonly status: 'finished' | 'interrupted'
  readonly steps: number
  /** Loss of every step. */
  readonly losses: readonly number[]
  readonly epochs: readonly EpochReport[]
  /** SHA-256 over all weights: equal hashes are equal weights, bit for bit. */
  readonly weights: string
  readonly seconds: number
  /** What the training's time went into, in milliseconds. */
  readonly times: PhaseTimes
  readonly test?: Scores
  /** Of a classifier: correct test samples of all, the 95 % Wilson interval, and counts[true][predicted]. */
  readonly classification?: {
    readonly accuracy: { readonly value: number; readonly low: number; readonly high: number; readonly n: number }
    readonly classes: readonly string[]
    readonly confusion: readonly (readonly number[])[]
  }
  readonly report?: string
}

/** Mean and standard deviation over the seeds, and Student's 95 % interval of the mean; NaN for one seed, but for the mean. */
export interface Spread {
  readonly mean: number
  readonly sd: number
  readonly low: number
  readonly high: number
}

/** What came of a grid, or of an experiment with several seeds, which has no axes. */
export interface GridTable {
  readonly name: string
  readonly axes: readonly string[]
  readonly rows: readonly {
    readonly labels: Readonly<Record<string, string>>
    /** Finished runs. */
    readonly runs: readonly string[]
    /** Runs whose numbers stopped being finite. */
    readonly diverged: number
    /** Runs that failed otherwise. */
    readonly failed: number
    /** By name, as in `accuracy` on the test split; `sparsity` of the weights. */
    readonly scores: Readonly<Record<string, Spread>>
  }[]
}

/** What a training thread tells the main thread. */
export type Message =
  | { readonly type: 'plan'; readonly plan: Plan }
  /** An order is carried out; */
  | { readonly type: 'done'; readonly result?: Result; readonly cells?: readonly CellResults[] }
  | { readonly type: 'load'; readonly progress: LoadProgress }
  | { readonly type: 'note'; readonly text: string }
  | {
      readonly type: 'start'
      readonly id: string
      readonly folder: string
      readonly name: string
      readonly seed: number
      /** Place of this seed among the experiment's, from 1, and how many there are. */
      readonly turn: number
      readonly turns: number
      readonly epochs: number
      readonly stepsPerEpoch: number
      /** Steps taken before, by a run that is resumed. */
      readonly step: number
      readonly samples: number
      readonly parameters: number
      /** What of the data could not be read or was dropped: how much, and the first few. */
      readonly leftOut: { readonly count: number; readonly first: readonly LeftOut[] }
      /** What epochs report. */
      readonly scores: readonly { readonly split: string; readonly name: string }[]
      /** The one of them that says what is best, as in `validation.loss`. */
      readonly monitor: string
      /** Steps between two evaluations, where they are made inside epochs. */
      readonly everySteps?: number
    }
  /** A run whose log is wanted begins, */
  | { readonly type: 'track'; readonly run: SinkRun }
  /** and this was written to it. */
  | { readonly type: 'records'; readonly records: readonly MetricRecord[] }
  | {
      readonly type: 'step'
      readonly epoch: number
      readonly step: number
      readonly loss: number
      /** Mean loss over the samples of the epoch so far. */
      readonly meanLoss: number
      /** Samples that were trained on since the start. */
      readonly samples: number
    }
  | {
      readonly type: 'epoch'
      readonly report: EpochReport | EvaluationReport
      /** Whether the monitored value is the best so far. */
      readonly isBest: boolean
      /** Of a whole epoch that began here: how long it took, evaluation included. */
      readonly seconds?: number
      /** At the epoch's last step. */
      readonly learningRate?: number
    }
  | { readonly type: 'end'; readonly outcome: Outcome }
  | { readonly type: 'asserts'; readonly assertions: readonly CellAssertion[] }
  /** What all come to, and the page on it. */
  | { readonly type: 'grid'; readonly table: GridTable; readonly report?: string }
  | { readonly type: 'error'; readonly kind: 'usage' | 'failed'; readonly message: string; readonly stack?: string }
