import { availableParallelism } from 'node:os'
import { withDuckDb } from '../../data/duckdb/connect.ts'
import { metricsView } from './metricsView.ts'
import { predictionsView } from './predictionsView.ts'
import { runsView } from './runsView.ts'
import { seedsNeed, seedsSql, seedsView } from './seedsView.ts'
import { summaryView } from './summaryView.ts'
import { emptySql, type Sources, type StoredView, type View, type ViewName } from './view.ts'

/** What queries may read from, with every column. */
export const views: readonly View[] = [runsView, summaryView, seedsView, metricsView, predictionsView]

const stored: readonly StoredView[] = [runsView, summaryView, metricsView, predictionsView]

/** Lends a connection that has the views, all without rows. */
export function withViews<T>(use: Parameters<typeof withDuckDb<T>>[0]): Promise<T> {
  return withDuckDb(
    async (connection, duckdb) => {
      for (const view of stored) await connection.run(`CREATE VIEW ${view.name} AS ${emptySql(view)}`)
      await connection.run(`CREATE VIEW seeds AS ${seedsSql}`)
      return use(connection, duckdb)
    },
    { threads: availableParallelism() },
  )
}

/** Reads what the named views hold. */
export async function fill(sources: Sources, named: readonly ViewName[]): Promise<void> {
  for (const view of stored)
    if (named.includes(view.name)) await view.fill(sources)
    else if (named.includes('seeds') && seedsNeed.has(view.name)) await view.fill(sources, seedsNeed.get(view.name))
}

/** Does something with the named views, and once more where it failed over a file that is damaged inside. */
export async function mended<T>(sources: Sources, named: readonly ViewName[], use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    let isMended = false
    for (const view of stored) if (named.includes(view.name) && (await view.mend?.(sources)) === true) isMended = true
    if (!isMended) throw error
    return use()
  }
}
