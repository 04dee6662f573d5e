/**
 * The way of a network's weights through training: recorded points, their plane, and what lies along it.
 *
 * @module
 */
export { type RecordedParameter, type RecordedPoint, recordedPoints, recordedWeights } from './recorded.ts'
