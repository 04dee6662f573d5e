export { combination, fingerprintOf, type Place, type Point, placesOf, pointOf } from './point.ts'
export { type SampleOptions, type ScoredSplit, sampledSplit } from './sample.ts'
export { type PlacesOptions, type PlacesProgress, scorePlaces } from './scorePlaces.ts'
export { type PointScores, pointScorer, type ScoredNetwork, type Scorer, type Statistics } from './scorer.ts'
