/** Every combination of 10 learning rates, 3 weight decays and 4 shares of dropout: 120 configurations, 480 trainings. */
import { grid } from 'assay/search'
import { regressionSearch } from './regression-searches.ts'

export default regressionSearch('regression-grid', grid({ points: { lr: 10, weightDecay: 3 } }), 120)
