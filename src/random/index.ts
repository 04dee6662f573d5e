/**
 * Chance that is explicit: a {@link Key} goes in, numbers come out, and the same key gives the same numbers everywhere.
 *
 * @module
 */
export { bernoulli } from './bernoulli.ts'
export { beta } from './beta.ts'
export { gamma } from './gamma.ts'
export { foldIn, type Key, key, keyData, keyFromData, randomBits, split } from './key.ts'
export { type NormalOptions, normal } from './normal.ts'
export { permutation } from './permutation.ts'
export { dropoutMask, foldKey, keyType, randomBeta, randomNormal, randomUniform } from './symbolic.ts'
export { threefry2x32 } from './threefry.ts'
export { type UniformOptions, uniform } from './uniform.ts'
