/** 240 configurations drawn by chance: 960 trainings. */
import { random } from 'assay/search'
import { regressionSearch } from './regression-searches.ts'

export default regressionSearch('regression-random', random(), 240)
