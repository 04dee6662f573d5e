/**
 * How sure a number is, and whether two models differ. Three sources of chance, never mixed: which examples were tested (bootstrap,
 * Wilson, DeLong, McNemar), which seed was trained with (mean over seeds, permutation test), which fold was held out (Wilcoxon).
 *
 * @module
 */
export { type Interval, wilsonInterval } from '../wilson.ts'
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapDifference,
  bootstrapInterval,
  bootstrapOf,
  type IntervalOptions,
} from './bootstrap.ts'
export { type DeLongInterval, type DeLongOptions, type DeLongTest, delongInterval, delongTest } from './delong.ts'
export { holm } from './holm.ts'
export { type McNemarOptions, type McNemarTest, mcnemarTest } from './mcnemarTest.ts'
export { type FoldSummary, meanOverFolds } from './meanOverFolds.ts'
export { meanOverSeeds, type SeedSummary } from './meanOverSeeds.ts'
export {
  areaInterval,
  isBinaryAuc,
  type MetricInterval,
  type MetricIntervalOptions,
  methodText,
  metricInterval,
  metricReplicates,
  resamplesFor,
  TOO_MANY_NUMBERS,
  whyNoBootstrap,
} from './metricInterval.ts'
export { type PermutationOptions, pairedPermutationTest } from './pairedPermutationTest.ts'
export type { PairedTest } from './pairedTest.ts'
export { type ReplicateOptions, type Replicates, replicate, replicatesOfDifference } from './replicates.ts'
export { type SharedDraws, sharedDraws } from './resample.ts'
export { type WilcoxonOptions, wilcoxonTest } from './wilcoxonTest.ts'
