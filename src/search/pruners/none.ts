import type { Pruner } from './pruner.ts'

/**
 * Lets every trial come to its end: what a study does unless told otherwise.
 *
 * @example
 * neverPrune()
 */
export const neverPrune = (): Pruner => ({ kind: 'none', config: {}, shouldPrune: () => false })
