/**
 * What is in a data set, before anything is trained.
 *
 * @module
 */

export { type Spectrogram, spectrogram, spectrum } from './audio/spectrum.ts'
export { type CorrelatedPair, strongestPairs } from './correlation.ts'
export { modalityOf } from './layout.ts'
export {
  type Answer,
  type Correlation,
  classesOf,
  type Duplicates,
  type Field,
  type Histogram,
  type Modality,
  type NumberField,
  type Outliers,
  type Problem,
  type Profile,
  type SplitProfile,
  type TextField,
} from './profile.ts'
export { type Picture, type ProfilePictures, type ProfileSplitsOptions, profileSplits } from './profileSplits.ts'
export { type ProfileTableOptions, profileTable } from './profileTable.ts'
export { PROJECTIONS, type ProjectionMethod } from './structure/project.ts'
export {
  type Clustering,
  type Projection,
  type Structure,
  type StructureOptions,
  structureOf,
} from './structure/structure.ts'
export { tableSamples } from './tableSamples.ts'
export { valueText } from './words.ts'
