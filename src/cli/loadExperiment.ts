import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../errors.ts'
import { type Experiment, type Grid, isExperiment, isGrid } from '../train/index.ts'
import './typescript.ts'

/**
 * The default export of an experiment file. TypeScript is read as it is, without a build step.
 *
 * @param file absolute path
 * @throws UsageError when there is no such file, it does not load, or it exports no experiment
 */
export async function loadExperiment(file: string): Promise<Experiment> {
  const loaded = await loadExperiments(file)
  if (!isGrid(loaded)) return loaded
  throw new UsageError(
    `${file} holds a grid of ${loaded.cells.length} experiments, and this is for one: give the file of one`,
  )
}

/**
 * The default export of a file that may hold a grid of experiments.
 *
 * @param file absolute path
 * @throws UsageError when there is no such file, it does not load, or it exports neither
 */
export async function loadExperiments(file: string): Promise<Experiment | Grid> {
  const loaded = await loadDefault(file)
  if (isExperiment(loaded) || isGrid(loaded)) return loaded
  // Loaded here alone: most commands need nothing of it.
  const { isSearch } = await import('../search/index.ts')
  if (isSearch(loaded)) throw new UsageError(`${file} holds a search: assay search is for it`)
  throw new UsageError(`${file} has no experiment as its default export; end it with: export default experiment({ … })`)
}

/**
 * What a file exports as its default.
 *
 * @param file absolute path
 * @throws UsageError when there is no such file, or it does not load
 */
export async function loadDefault(file: string): Promise<unknown> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new UsageError(`there is no experiment file ${file}; give the path of a .ts or .js file`)
  return (await importFile(file)).default
}

async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} does not load: ${reasonOf(error)}`, { cause: error })
  }
}

/** esbuild's messages have a heading and a line for each error; the first error is enough. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const [heading = '', first = ''] = error.message.split('\n')
  return heading.startsWith('Transform failed') ? first.replace(': ERROR:', ':') : error.message
}
