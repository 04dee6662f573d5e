/**
 * Other places that follow the metrics of runs while they train, or afterwards.
 *
 * @module
 */
export { mlflowSink } from './mlflow.ts'
export { sendRun } from './send.ts'
export type { OpenSink, Sink, SinkRun } from './sink.ts'
export { tensorBoardSink } from './tensorBoard.ts'
