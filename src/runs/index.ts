/**
 * The run store: every run is a folder of plain files that survives `rsync` and a zip.
 *
 * ```
 * runs/<id>/  manifest.json  split.json  metrics.jsonl  summary.json  predictions.parquet
 *             checkpoints/*.safetensors  preparation.json  model.onnx  figures/  report.html
 *             trajectory/weights-*.safetensors  trajectory/steps.npy (where the experiment records)
 * ```
 *
 * @module
 */
export { weightsOnly } from './checkpoint.ts'
export { prepareRun, readDivision, readEncoding, requireOwnData } from './data.ts'
export { type Distinction, distinctions, settingText } from './distinctions.ts'
export { type ExecuteOptions, type Execution, execute, RunError } from './execute.ts'
export { groupRuns, type RunGroup } from './groups.ts'
export { macsOf } from './macs.ts'
export { type Manifest, manifestSchema, type NewManifest } from './manifest.ts'
export { isClose, metricOf } from './metricOf.ts'
export { encodeNumber } from './number.ts'
export { type OpenedRuns, openRuns } from './openRuns.ts'
export { storedOutline } from './outline.ts'
export {
  type ClassPredictions,
  type Predictions,
  readPredictions,
  scoredPredictions,
  type ValuePredictions,
  writePredictions,
} from './predictions.ts'
export { readPreparation } from './preparation.ts'
export { changedEntries, codeState, LOCK_FILES, lockFileHash, machineState, versionState } from './provenance.ts'
export {
  type Answer,
  type Cell,
  type Column,
  type ExportedView,
  exportViews,
  queryRuns,
  runsWhere,
  type View,
  type ViewName,
  views,
} from './query/index.ts'
export {
  type Damaged,
  listRuns,
  openRun,
  type Run,
  type RunList,
  readManifest,
  readMetrics,
  readSummary,
  type SummarizedRun,
  summariesOf,
} from './read.ts'
export { BATCH_LOSS, encodeRecords, type MetricRecord, metricRecordSchema, parseRecords } from './records.ts'
export { requireResumable } from './resume.ts'
export { mlflowSink, type OpenSink, type Sink, type SinkRun, sendRun, tensorBoardSink } from './sinks/index.ts'
export { createRun, removeRun, reopenRun } from './store.ts'
export {
  encodeSummary,
  type Goal,
  type MetricSummary,
  type Summary,
  summarize,
  summarySchema,
} from './summary.ts'
export { type RecordedFile, type RecordedSteps, recordedFiles, recordedSteps } from './trajectory/index.ts'
export { loadWeights, saveWeights } from './weights.ts'
export { RunWriter } from './writer.ts'
