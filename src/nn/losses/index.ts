export { bce, bceOf } from './binaryCrossEntropy.ts'
export { crossEntropy, crossEntropyOf } from './crossEntropy.ts'
export type { Loss, TargetKind } from './loss.ts'
export { mse, mseOf } from './regression.ts'
