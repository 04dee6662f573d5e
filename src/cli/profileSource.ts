import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { type CsvOptions, csvOptionsSchema } from '../data/duckdb/csvOptions.ts'
import { readCsvColumns } from '../data/duckdb/readCsv.ts'
import type { DataSource, LoadHooks } from '../data/index.ts'
import { cifar10, fashionMnist, mnist, readJson, readParquet, type Survey, surveyFolder } from '../data/node.ts'
import type { Table } from '../data/table/table.ts'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/config.ts'
import { loadExperiment } from './loadExperiment.ts'

/** What can be profiled: samples that a source gives, or a table as it lies on disk. */
export type Profiled =
  | ({ readonly kind: 'source'; readonly source: DataSource } & Partial<Survey>)
  | { readonly kind: 'table'; readonly load: LoadTable }

/** @param like - the table whose columns' types a table of test rows takes */
type LoadTable = (hooks: LoadHooks, like?: Table) => Promise<Table>

/** How the user says CSV files are written. */
export type CsvSaid = Readonly<Record<string, unknown>>

const NAMED: Readonly<Record<string, () => DataSource>> = { mnist, 'fashion-mnist': fashionMnist, cifar10 }

/** How a file is read, by the end of its name. */
const TABLES: Readonly<
  Record<string, (path: string, said: CsvSaid, ...rest: Parameters<LoadTable>) => Promise<Table>>
> = {
  '.csv': (path, said, hooks, like) => readCsvColumns(path, csvOptions(said), hooks, { like }),
  '.tsv': (path, said, hooks, like) => readCsvColumns(path, csvOptions({ delimiter: '\t', ...said }), hooks, { like }),
  '.parquet': (path, _, hooks) => readParquet(path, hooks),
  '.json': (path, _, hooks) => readJson(path, hooks),
}

const EXPERIMENTS = new Set(['.ts', '.mts', '.js', '.mjs'])

const KNOWN = `a known source is ${Object.keys(NAMED).join(', ')}; else give a table (${Object.keys(TABLES).join(', ')}), an experiment file (.ts), or a folder of images or sounds`

/**
 * What a name or a path stands for.
 *
 * @throws UsageError when it is no known source, and there is no such file or folder
 */
export async function profiledOf(what: string, said: CsvSaid = {}, hooks: LoadHooks = {}): Promise<Profiled> {
  const named = NAMED[what]
  if (named !== undefined) return { kind: 'source', source: named() }
  const path = resolve(what)
  if (!existsSync(path)) throw new UsageError(`profile: there is no "${what}": ${KNOWN}`)
  if (statSync(path).isDirectory()) return { kind: 'source', ...(await surveyFolder(path, hooks)) }
  if (statSync(path).isFile() && EXPERIMENTS.has(extname(path)))
    return { kind: 'source', source: (await loadExperiment(path)).data }
  return { kind: 'table', load: tableLoader(path, said) }
}

/**
 * Reads a table by the end of its file's name; gzipped CSV files too.
 *
 * @throws UsageError when the name has no known end
 */
export function tableLoader(path: string, said: CsvSaid = {}): LoadTable {
  const end = extname(path.replace(/\.gz$/i, '')).toLowerCase()
  const read = TABLES[end]
  if (read === undefined || !statSync(path).isFile())
    throw new UsageError(`profile: ${path} is nothing that can be profiled: ${KNOWN}`)
  if (Object.keys(said).length > 0 && end !== '.csv' && end !== '.tsv')
    throw new UsageError(`profile: --csv says how CSV files are written, and ${path} is none`)
  return (hooks, like) => read(path, said, hooks, like)
}

const csvOptions = (said: CsvSaid): CsvOptions => parseConfig('--csv', csvOptionsSchema, said)
