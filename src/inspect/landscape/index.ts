export {
  type Landscape,
  type LandscapeAxis,
  type LandscapeFacts,
  type LandscapeMark,
  type LandscapePlan,
  type LossProfile,
  landscape,
  lossProfile,
  type NamedNetwork,
  randomPlan,
  threeNetworkPlan,
  trajectoryPlan,
  twoNetworkPlan,
} from './landscape.ts'
export { type NetworkPlane, type PrincipalPlane, planeThrough, principalPlane } from './planes.ts'
export { filterNormalized, randomDirection, type Vectors } from './randomDirection.ts'
export { gridPlaces, type Span, type SurfacePoint, surface } from './surface.ts'
export { landscapeNotes, landscapeText, lowestPoint, profileText } from './text.ts'
