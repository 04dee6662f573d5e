/**
 * What single units do: over a split, for each class, and for chosen inputs.
 *
 * @module
 */
export { type Histogram, type RunningHistogram, runningHistogram } from './histogram.ts'
export { inputGrid, inputRange, liveliest, type Profile, profiles } from './profiles.ts'
export { unitLayers } from './unitLayers.ts'
export {
  type LayerActivity,
  type UnitState,
  type UnitStatistics,
  type UnitStatisticsOptions,
  unitStatistics,
} from './unitStatistics.ts'
