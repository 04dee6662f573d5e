export { type PermutableUnits, permutableUnits } from './alignment/permutable.ts'
export { type Alignment, weightMatching } from './alignment/weightMatching.ts'
export { type Barrier, barrier, barrierOverPairs } from './barrier.ts'
export { requireComparable } from './comparable.ts'
export {
  ALPHAS,
  evenly,
  type InterpolatedPoint,
  type InterpolateOptions,
  type Interpolation,
  interpolate,
  layersWithWeights,
} from './interpolate.ts'
export { type RunPair, runPairs } from './pairs.ts'
export {
  type InterpolatedPair,
  type InterpolationStudy,
  type StatisticsUsed,
  studyBarriers,
  studyNotes,
  studyText,
} from './study.ts'
