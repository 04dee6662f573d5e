export type { Forest } from './forest.ts'
export {
  type Importance,
  importance,
  type PairImportance,
  type ParameterImportance,
  type Searched,
  type Share,
} from './importance.ts'
export { surface } from './surface.ts'
