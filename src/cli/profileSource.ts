import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { DataSource, LoadHooks } from '../data/index.ts'
import {
  cifar10,
  fashionMnist,
  mnist,
  readCsv,
  readJson,
  readParquet,
  type Survey,
  surveyFolder,
} from '../data/node.ts'
import type { Table } from '../data/table/table.ts'
import { UsageError } from '../errors.ts'
import { loadExperiment } from './loadExperiment.ts'

/** What can be profiled: samples that a source gives, or a table as it lies on disk. */
export type Profiled =
  | ({ readonly kind: 'source'; readonly source: DataSource } & Partial<Survey>)
  | { readonly kind: 'table'; load(hooks: LoadHooks): Promise<Table> }

const NAMED: Readonly<Record<string, () => DataSource>> = { mnist, 'fashion-mnist': fashionMnist, cifar10 }

/** How a file is read, by the end of its name. */
const TABLES: Readonly<Record<string, (path: string, hooks: LoadHooks) => Promise<Table>>> = {
  '.csv': (path, hooks) => readCsv(path, {}, hooks),
  '.tsv': (path, hooks) => readCsv(path, { delimiter: '\t' }, hooks),
  '.parquet': readParquet,
  '.json': readJson,
}

const EXPERIMENTS = new Set(['.ts', '.mts', '.js', '.mjs'])

const KNOWN = `a known source is ${Object.keys(NAMED).join(', ')}; else give a table (${Object.keys(TABLES).join(', ')}), an experiment file (.ts), or a folder of images or sounds`

/**
 * What a name or a path stands for.
 *
 * @throws UsageError when it is no known source, and there is no such file or folder
 */
export async function profiledOf(what: string, hooks: LoadHooks = {}): Promise<Profiled> {
  const named = NAMED[what]
  if (named !== undefined) return { kind: 'source', source: named() }
  const path = resolve(what)
  if (!existsSync(path)) throw new UsageError(`profile: there is no "${what}": ${KNOWN}`)
  if (statSync(path).isDirectory()) return { kind: 'source', ...(await surveyFolder(path, hooks)) }
  if (statSync(path).isFile() && EXPERIMENTS.has(extname(path)))
    return { kind: 'source', source: (await loadExperiment(path)).data }
  return { kind: 'table', load: tableLoader(path) }
}

/**
 * Reads a table by the end of its file's name; gzipped CSV files too.
 *
 * @throws UsageError when the name has no known end
 */
export function tableLoader(path: string): (hooks: LoadHooks) => Promise<Table> {
  const read = TABLES[extname(path.replace(/\.gz$/i, '')).toLowerCase()]
  if (read === undefined || !statSync(path).isFile())
    throw new UsageError(`profile: ${path} is nothing that can be profiled: ${KNOWN}`)
  return (hooks) => read(path, hooks)
}
