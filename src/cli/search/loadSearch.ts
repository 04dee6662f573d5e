import { UsageError } from '../../errors.ts'
import { isSearch, type Search } from '../../search/index.ts'
import { isExperiment, isGrid } from '../../train/index.ts'
import { loadDefault } from '../loadExperiment.ts'

/**
 * The search that a file exports.
 *
 * @param file absolute path
 * @throws UsageError when there is no such file, it does not load, or it exports no search
 */
export async function loadSearch(file: string): Promise<Search> {
  const loaded = await loadDefault(file)
  if (isSearch(loaded)) return loaded
  const why = isExperiment(loaded) || isGrid(loaded) ? '; assay run is for what it holds' : ''
  throw new UsageError(`${file} has no search as its default export${why}: end it with export default search({ … })`)
}
