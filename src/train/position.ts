import type { Scores } from './scores.ts'

/** Where training stands. */
export interface Position {
  /** Epoch under way, from 0; equal to the number of epochs at the end. */
  readonly epoch: number
  /** Optimiser steps taken. */
  readonly step: number
}

/** Scores at the end of an epoch. */
export interface EpochReport extends Position {
  /** Over the samples as they were trained on, dropout and augmentation included, while the weights changed. */
  readonly train: Scores
  /** Over the training split with the weights as they are now, where the experiment asks for it. */
  readonly trainEvaluated?: Scores
  /** Absent without a validation split, and where none was due. */
  readonly validation?: Scores
  /** Where the experiment regularises: what is added to the loss (`penalty`), and the share of weights that are 0 (`sparsity`). */
  readonly weights?: Scores
}

/** Scores inside an epoch. */
export interface EvaluationReport {
  /** Epochs done, a fraction. */
  readonly epoch: number
  readonly step: number
  readonly validation: Scores
}

export type Report = EpochReport | EvaluationReport

/** Whether a report is that of an epoch's end. */
export const isEpochReport = (report: Report): report is EpochReport => 'train' in report
