export { type AdamOptions, adam, adamW } from './adam.ts'
export type { Optimizer } from './optimizer.ts'
export { type SgdOptions, sgd } from './sgd.ts'
export { makeUpdater, type Updater } from './updater.ts'
