/**
 * Assay in Jupyter notebooks with Deno's kernel: trainings that show how far they have come, and results that show themselves.
 *
 * @module
 */
import './register.ts'

export { display } from './display.ts'
export type { ClassShare, Predicted, Prediction } from './predicted.ts'
export { lookUpIn } from './runsFolder.ts'
export { type TrainOptions, train } from './train.ts'
export type { TrainedRun } from './trainedRun.ts'
