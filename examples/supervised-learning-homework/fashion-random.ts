/** As many configurations drawn by chance, for comparison. */
import { random } from 'assay/search'
import { fashionSearch } from './fashion-searches.ts'

export default fashionSearch('fashion-random', random(), 36)
