import { join, relative, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Value } from '../space/index.ts'
import type { Search } from './search.ts'

/** The best trial of a study. */
export interface BestTrial {
  readonly number: number
  readonly config: Value
  readonly value: number
}

/**
 * Writes the best configuration as an experiment file, `best.ts` in the study's folder, which `assay run` trains and tests: it asks the search's own
 * file for the experiment.
 *
 * @param file - the search's; absolute
 * @returns its path
 */
export async function writeBest(
  folder: string,
  file: string,
  search: Pick<Search, 'name' | 'objective' | 'seeds'>,
  { number, config, value }: BestTrial,
): Promise<string> {
  const path = join(folder, 'best.ts')
  const from = relative(folder, file).split(sep).join('/')
  const text = `/**
 * The best configuration of the search ${search.name}: trial ${number}, ${search.objective} ${value}.
 * That value is the best of many, and so flatters it; what the test split says, assay run tells.
 */
import search from ${JSON.stringify(from.startsWith('.') ? from : `./${from}`)}

export default search
  .experimentOf(${literal(config)})
  .with({ name: ${JSON.stringify(`${search.name}-best`)}, seeds: ${JSON.stringify(search.seeds)} })
`
  await writeFileAtomic(path, text)
  return path
}

/** A configuration as TypeScript: a line for each name. */
function literal(config: Value): string {
  const lines = Object.entries(config ?? {}).map(([name, value]) => {
    const key = /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)
    return `    ${key}: ${JSON.stringify(value)},\n`
  })
  return `{\n${lines.join('')}  }`
}
