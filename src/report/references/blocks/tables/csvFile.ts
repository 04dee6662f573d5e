import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { missingName } from '../../../../data/table/names.ts'
import { UsageError } from '../../../../errors.ts'
import type { Block } from '../../../document.ts'
import { value } from '../../../format.ts'
import type { Options } from '../../arguments.ts'
import type { Records } from '../../records.ts'

/** A table that Assay wrote as CSV. Options: `columns` that are shown, in their order; `rows`, how many from the top. */
export async function csvTable(path: string, options: Options, records: Records): Promise<readonly Block[]> {
  const file = await fileAt(path, records, '.csv')
  const [head = [], ...rows] = parseCsv(await readFile(file, 'utf8'))
  const asked = (await options.texts('columns')) ?? head
  const unknown = asked.find((name) => !head.includes(name))
  if (unknown !== undefined) throw new UsageError(missingName(basename(file), 'column', unknown, head))
  const most = (await options.number('rows')) ?? rows.length
  const shown = rows.slice(0, most)
  const places = asked.map((name) => head.indexOf(name))
  const isNumber = (at: number): boolean => shown.every((row) => row[at] === '' || Number.isFinite(Number(row[at])))
  const kinds = places.map((at) => (isNumber(at) ? 'number' : 'text'))
  return [
    {
      kind: 'table',
      caption: '',
      columns: asked.map((title, c) => ({ title, kind: kinds[c] ?? 'text' })),
      rows: shown.map((row) =>
        places.map((at, c) => {
          const cell = row[at] ?? ''
          return cell === '' ? '–' : kinds[c] === 'number' ? value(Number(cell)) : cell
        }),
      ),
    },
  ]
}

/** A file by its path from the write-up, or from the folder that holds the runs. @throws UsageError naming files that are near */
export async function fileAt(path: string, records: Records, end: string): Promise<string> {
  const places = [records.folder, dirname(records.runs), records.runs].map((folder) => resolve(folder, path))
  const found = places.find((place) => existsSync(place))
  if (found !== undefined) return found
  const folder = dirname(places[0] ?? path)
  const there = existsSync(folder) ? (await readdir(folder)).filter((file) => file.endsWith(end)) : []
  throw new UsageError(
    there.length === 0 ? `there is no file ${path} in ${folder}` : missingName(folder, 'file', basename(path), there),
  )
}

/** RFC 4180: fields in quotes may hold commas and line feeds. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let [row, field, isQuoted]: [string[], string, boolean] = [[], '', false]
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? ''
    if (isQuoted && sign === '"' && text[i + 1] === '"') {
      field += '"'
      i += 1
    } else if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && (sign === ',' || sign === '\n')) {
      row.push(field)
      field = ''
      if (sign === '\n') {
        rows.push(row)
        row = []
      }
    } else if (isQuoted || sign !== '\r') field += sign
  }
  if (field !== '' || row.length > 0) rows.push([...row, field])
  return rows
}
