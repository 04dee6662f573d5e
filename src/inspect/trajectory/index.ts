/**
 * The way of a network's weights through training: recorded points, their plane, and what lies along it.
 *
 * @module
 */
export {
  type LayerDisplacement,
  layerDisplacements,
  type PointDistances,
  trajectoryDistances,
} from './distances.ts'
export { type Plane, type PlaneAxis, trajectoryLayers, trajectoryPlane } from './plane.ts'
export { type RecordedParameter, type RecordedPoint, recordedPoints, recordedWeights } from './recorded.ts'
export {
  type ParameterProducts,
  type Trajectories,
  type TrajectoriesOptions,
  type TrajectoryPoint,
  trajectories,
} from './trajectories.ts'
export { type WeightLoading, weightLoadings } from './weightLoadings.ts'
