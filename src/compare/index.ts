/**
 * Groups of runs side by side: what differs in how they were made, how well they do and how sure that is, whether they differ by more
 * than chance, and what they cost.
 *
 * @module
 */
export {
  type CompareOptions,
  type Comparison,
  type CurveOfRun,
  compareGroups,
  type GroupName,
  type MetricComparison,
} from './compareGroups.ts'
export { type Cost, type LatencyChoice, NOT_ASKED } from './costs.ts'
export { type Latency, measureLatency } from './latency.ts'
export { type ComparisonRow, type ComparisonRows, comparisonRows } from './rows.ts'
export type { Score, ScoreInterval } from './scores.ts'
export type { SettingsComparison } from './settings.ts'
export type { LeftOut, MissingSeed } from './sources.ts'
export type { Difference, Pairing, PairTest } from './tests.ts'
