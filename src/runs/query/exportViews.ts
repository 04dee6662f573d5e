import { mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { literal, reasonOf } from '../../data/duckdb/connect.ts'
import { UsageError } from '../../errors.ts'
import type { Damaged, Run } from '../read.ts'
import type { ViewName } from './view.ts'
import { fill, mended, views, withViews } from './views.ts'

const OPTIONS = { csv: 'FORMAT CSV, HEADER', parquet: 'FORMAT PARQUET, COMPRESSION ZSTD' } as const

/** A view as a file. */
export interface ExportedView {
  readonly view: ViewName
  readonly path: string
  readonly rows: number
}

/**
 * Writes the views of some runs as files, `runs.csv`, `metrics.csv` and so on, in place of those that are there, their rows in the order of
 * the columns. A view without rows has a file, too. CSV has lists as `[0.1, 0.9]`, and NaN and the infinities as `nan`, `inf`, `-inf`.
 *
 * @param folder - made where it is not there
 * @throws UsageError where it cannot be written to
 *
 * @example
 * await exportViews((await listRuns('runs')).runs, 'tables', 'parquet')
 */
export function exportViews(
  runs: readonly Run[],
  folder: string,
  format: keyof typeof OPTIONS,
): Promise<{ readonly files: readonly ExportedView[]; readonly leftOut: readonly Damaged[] }> {
  return withViews(async (connection) => {
    const leftOut: Damaged[] = []
    const sources = { connection, runs, leaveOut: (found: Damaged) => void leftOut.push(found) }
    const names = views.map(({ name }) => name)
    await fill(sources, names)
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw new UsageError(`${folder} cannot be made a folder (${reasonOf(error)}): give another`, { cause: error })
    })
    const files: ExportedView[] = []
    for (const view of names) {
      const path = resolve(join(folder, `${view}.${format}`))
      const temporary = `${path}.part`
      const copy = `COPY (FROM ${view} ORDER BY ALL) TO ${literal(temporary)} (${OPTIONS[format]})`
      try {
        const { rowsChanged: rows } = await mended(sources, [view], () => connection.run(copy))
        await rename(temporary, path)
        files.push({ view, path, rows })
      } finally {
        await rm(temporary, { force: true })
      }
    }
    return { files, leftOut }
  })
}
