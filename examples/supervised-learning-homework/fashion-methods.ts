/** What each initialiser, optimiser and regulariser did to the classification. */
import { grid } from 'assay'
import fashion, { hidden } from './fashion.ts'
import { methods } from './methods.ts'

export default grid(methods(fashion, { hidden, outputs: 10, l1: 0.2 }), {}, { name: 'fashion-methods' })
