import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'
import { UsageError } from '../errors.ts'
import { type Experiment, isExperiment } from '../train/index.ts'

/**
 * The default export of an experiment file. TypeScript is read as it is, without a build step.
 *
 * @param file absolute path
 * @throws UsageError when there is no such file, it does not load, or it exports no experiment
 */
export async function loadExperiment(file: string): Promise<Experiment> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new UsageError(`there is no experiment file ${file}; give the path of a .ts or .js file`)
  const unregister = register()
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href)
    if (isExperiment(module.default)) return module.default
    throw new UsageError(
      `${file} has no experiment as its default export; end it with: export default experiment({ … })`,
    )
  } catch (error) {
    if (error instanceof UsageError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${file} does not load: ${reason}`, { cause: error })
  } finally {
    await unregister()
  }
}
