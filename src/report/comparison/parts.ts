import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type Comparison, comparisonRows } from '../../compare/index.ts'
import { saveFigure, toCsv } from '../../figures/index.ts'
import type { Block } from '../document.ts'
import type { NamedFigure } from '../profile/figures.ts'
import type { NotedTable } from './tables.ts'

/** A figure of a page, drawn. */
export type DrawnFigure = NamedFigure & { readonly svg: string }

export const said = (text: string): Block => ({ kind: 'paragraph', text })

/** A table and the notes under it. */
export const noted = ({ name: _, notes, ...table }: NotedTable): Block[] => [
  table,
  ...notes.map((note, i) => said(`[${i + 1}] ${note}.`)),
]

/**
 * Writes `figures/*.{vl.json,svg,csv}` and `tables/*.csv` of a page on groups of runs. Those that an earlier page left there and this one
 * does not have are removed; other files stay.
 *
 * @param isFigure - whether the page can have a figure of this name
 */
export async function writeParts(
  folder: string,
  comparison: Comparison,
  figures: readonly NamedFigure[],
  isFigure: (name: string) => boolean,
): Promise<DrawnFigure[]> {
  const drawn: DrawnFigure[] = []
  for (const named of figures) drawn.push({ ...named, svg: await saveFigure(folder, named.name, named.figure) })
  const names = new Set(figures.map(({ name }) => name))
  const stale = (await specified(folder)).filter((name) => isFigure(name) && !names.has(name))
  // The specification last: it is what tells that there is more to remove.
  for (const name of stale)
    for (const type of ['svg', 'csv', 'vl.json']) await rm(join(folder, 'figures', `${name}.${type}`), { force: true })
  await mkdir(join(folder, 'tables'), { recursive: true })
  for (const [name, rows] of Object.entries(comparisonRows(comparison))) {
    const path = join(folder, 'tables', `${name}.csv`)
    if (rows.length > 0) await writeFileAtomic(path, toCsv(rows))
    else await rm(path, { force: true })
  }
  return drawn
}

/** Names of the figures in a folder that were saved with their specification, as all of these pages are. */
async function specified(folder: string): Promise<string[]> {
  const files = await readdir(join(folder, 'figures')).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return files.flatMap((file) => /^(.+)\.vl\.json$/.exec(file)?.[1] ?? [])
}
