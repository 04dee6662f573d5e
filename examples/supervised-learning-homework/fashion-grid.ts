/** Every combination of 4 learning rates, 3 shapes and 3 shares of dropout: 36 configurations, 108 trainings. */
import { grid } from 'assay/search'
import { fashionSearch } from './fashion-searches.ts'

export default fashionSearch('fashion-grid', grid({ points: { lr: 4 } }), 36)
