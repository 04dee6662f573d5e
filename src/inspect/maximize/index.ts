export { type Maximized, type MaximizeOptions, maximize } from './maximize.ts'
export { excitations, type Objective, objectiveName } from './objective.ts'
export { PARAMETRIZATIONS, type Parametrization } from './parametrization.ts'
