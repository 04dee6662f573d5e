export { type Excitation, type StrongestOptions, type StrongSample, strongest } from './strongest.ts'
export { outputOf, type TopSample, type TopSamples, topSamples } from './topSamples.ts'
