/**
 * Divisions of samples into those to train on and those to choose models by: one file a strategy. All give ascending sample numbers,
 * no sample in both parts; chance comes from a seed and the data's content.
 *
 * @module
 */
export { type ExpandingWindowOptions, expandingWindow } from './expandingWindow.ts'
export { type GroupedHoldOutOptions, groupedHoldOut } from './groupedHoldOut.ts'
export { type GroupedKFoldOptions, groupedKFold } from './groupedKFold.ts'
export { type HoldOutOptions, holdOut } from './holdOut.ts'
export { type KFoldOptions, kFold } from './kFold.ts'
export { divideWithin, type NestedFold, nested } from './nested.ts'
export { type RepeatedOptions, repeated } from './repeated.ts'
export type { Division, FoldStrategy, HoldOutStrategy, Splittable } from './split.ts'
export { stratifiedKFold } from './stratifiedKFold.ts'
export { type TimeOrderedOptions, timeOrdered } from './timeOrdered.ts'
