import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

export type DuckDB = typeof import('@duckdb/node-api')

/** A text as SQL writes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name of a column or table as SQL writes it. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Lends a connection to an empty DuckDB in memory, and closes it afterwards.
 *
 * @param threads default 1: where the order of rows is not said, more threads may change it
 */
export async function withDuckDb<T>(
  use: (connection: DuckDBConnection, duckdb: DuckDB) => Promise<T>,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<T> {
  // Loaded here because it takes a tenth of a second, which commands that need no tables should not pay.
  const duckdb = await import('@duckdb/node-api')
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: String(threads),
    // Nothing is downloaded: what is not built in is an error that says so.
    autoinstall_known_extensions: 'false',
    // Where tables larger than memory spill; by default it is the working folder.
    temp_directory: join(tmpdir(), 'assay-duckdb'),
  })
  const connection = await instance.connect()
  try {
    return await use(connection, duckdb)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** What DuckDB complains of, in one line. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.replace(/^[A-Z][A-Za-z ]* Error: /, '') ?? ''
