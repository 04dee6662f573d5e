/** What each initialiser, optimiser and regulariser did to the regression. */
import { grid } from 'assay'
import { methods } from './methods.ts'
import regression, { hidden } from './regression.ts'

export default grid(methods(regression, { hidden, outputs: 1, l1: 0.01 }), {}, { name: 'regression-methods' })
