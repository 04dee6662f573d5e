export { isVisible, type Luck, type LuckOptions, luck, luckText } from './luck.ts'
export type { Noise, Parts } from './noise.ts'
export { normalMaximum } from './normalMaximum.ts'
