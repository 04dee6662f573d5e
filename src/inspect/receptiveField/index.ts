/**
 * What part of the input a layer can see, and what part it does see.
 *
 * @module
 */
export { type EffectiveField, type EffectiveOptions, effectiveFields } from './effective.ts'
export { type MappedWeights, mappedBack } from './mappedBack.ts'
export { boxOf, type FieldBox, type Pair, placesOf, type TheoreticalField, theoreticalFields } from './theoretical.ts'
