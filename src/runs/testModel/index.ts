/**
 * Trained networks asked again: about a split of their run, or about new files.
 *
 * @module
 */
export { type FileOptions, samplesFromFiles } from './files.ts'
export { type ClassScore, type Judgement, type JudgeOptions, judge, type Score } from './judge.ts'
export {
  type LoadedNetwork,
  type LoadRunOptions,
  loadNetwork,
  loadWeightsFile,
  testedNetwork,
  type WeightsChoice,
} from './loadedNetwork.ts'
export type { Answer, TestedModel } from './model.ts'
export { type OnnxFileOptions, onnxFile } from './onnxFile.ts'
export { type PredictOptions, predictSamples } from './predict.ts'
export {
  type FitOptions,
  fitSamples,
  namedClasses,
  type Origins,
  type Samples,
  SPLITS,
  type SplitName,
  samplesOfRun,
} from './samples.ts'
export { compareWithStored, type StoredComparison } from './stored.ts'
export { formatOf, writeTested } from './write.ts'
