export { describeSpace, readSpace, type SpaceDescription, spaceHash, spaceSchema } from './describe.ts'
export { cellOf, clamp, levelAt, levelsOf, unitOf, valueAt } from './leaf.ts'
export {
  type Branch,
  type Branches,
  bool,
  branch,
  type Choice,
  type Configuration,
  choice,
  type Definition,
  type Float,
  float,
  type Int,
  type IntOptions,
  int,
  type Leaf,
  logFloat,
  type Parameter,
  type Value,
  type ValueOf,
} from './parameter.ts'
export { type Constraint, type Space, space } from './space.ts'
export { type Axis, fillPoint, isActive, type Point } from './tree.ts'
