export { type Plane, type PrincipalPlane, planeThrough, principalPlane } from './planes.ts'
export { filterNormalized, randomDirection, type Vectors } from './randomDirection.ts'
export { gridPlaces, type Span, type SurfacePoint, surface } from './surface.ts'
