import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import { UsageError } from '../errors.ts'
import { type Answer, encodeNumber, queryRuns, views } from '../runs/index.ts'
import { answerCsv, answerTable } from './answerText.ts'
import { note, print, printJson, table } from './output.ts'
import { wholeNumber } from './parse.ts'

export const sqlCommand = new Command('sql')
  .description('Ask all runs a question in SQL, or list what there is to ask of')
  .argument('[query]', 'one statement that reads, in DuckDB’s SQL; without it the views are listed')
  .option('--views', 'list the views with their columns')
  .option('--rows <n>', 'rows of the table at most (default: 40)', wholeNumber('--rows', 1))
  .option('--csv', 'print all rows as CSV')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print all rows as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay sql "SELECT name, lr, mean, sd FROM seeds JOIN (SELECT DISTINCT group_id, lr FROM runs) USING (group_id)
             WHERE split = 'test' AND metric = 'accuracy' ORDER BY mean DESC"
  assay sql "FROM runs SELECT id, error WHERE status = 'failed'" --csv

Only what a query names is read. docs/guide/queries.md has ten questions and their answers.`,
  )
  .action(async (query, { views: onlyViews = false, rows, csv = false, runs: root, json = false }) => {
    if (csv && json) throw new UsageError('sql: --csv and --json are two formats: give one of them')
    if (rows !== undefined && (csv || json))
      throw new UsageError('sql: --rows is for the table; CSV and JSON have all rows: add LIMIT to the query')
    if (onlyViews && query !== undefined)
      throw new UsageError('sql: --views lists what there is to ask of, and a query asks: give one of them')
    if (query === undefined) return json ? printJson({ views }) : print(viewsText())
    const answer = await queryRuns(resolve(root), query, csv || json ? {} : { limit: rows ?? 40 })
    if (json) printJson(plain(answer))
    else if (csv) process.stdout.write(answerCsv(answer))
    else print(answerTable(answer))
    if (answer.runCount === 0) note(`${resolve(root)} holds no runs: start one with assay run, or give another --runs`)
    for (const { folder, reason } of answer.leftOut) note(`left out: ${folder}: ${reason}`)
  })

/** Rows as objects, NaN and infinities as texts: JSON has no such numbers. */
function plain({ columns, rows, leftOut }: Answer): unknown {
  const encoded = rows.map((row) => Object.fromEntries(row.map((cell, c) => [columns[c]?.name ?? '', cell])))
  const text = JSON.stringify(encoded, (_, value) => (typeof value === 'number' ? encodeNumber(value) : value))
  return { columns, rows: JSON.parse(text), leftOut }
}

const viewsText = (): string =>
  views
    .map(({ name, meaning, columns }) => {
      const rows = columns.map((column) => [`  ${column.name}`, column.type, column.meaning])
      return `${pc.bold(name)}: ${meaning}\n${table([{ head: '  column' }, { head: 'type' }, { head: 'meaning' }], rows)}\n`
    })
    .join('\n')
