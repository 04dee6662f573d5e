import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { DataSource } from '../data/index.ts'
import { mnist } from '../data/node.ts'
import { UsageError } from '../errors.ts'
import { loadExperiment } from './loadExperiment.ts'

/** What can be profiled: samples that a source gives, or a table as it is on disk. */
export type Profiled = { readonly kind: 'source'; readonly source: DataSource }

const NAMED: Readonly<Record<string, () => DataSource>> = { mnist }

const EXPERIMENT = new Set(['.ts', '.mts', '.js', '.mjs'])

/**
 * What a name or a path stands for.
 *
 * @throws UsageError when it is no known source, and there is no such file or folder
 */
export async function profiledOf(what: string): Promise<Profiled> {
  const named = NAMED[what]
  if (named !== undefined) return { kind: 'source', source: named() }
  const path = resolve(what)
  const known = `a known source is ${Object.keys(NAMED).join(', ')}; else give a file or a folder`
  if (!existsSync(path)) throw new UsageError(`profile: there is no "${what}": ${known}`)
  if (statSync(path).isFile() && EXPERIMENT.has(extname(path)))
    return { kind: 'source', source: (await loadExperiment(path)).data }
  throw new UsageError(`profile: ${path} is nothing that can be profiled: ${known}`)
}
