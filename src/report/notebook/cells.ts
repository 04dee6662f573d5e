import { createHash } from 'node:crypto'

/** An output of a code cell: nbformat's `display_data`. */
export interface Output {
  readonly output_type: 'display_data'
  /** By MIME type. */
  readonly data: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, { readonly width: number; readonly height: number }>>
}

/** A cell before it has an id. */
export type Cell =
  | {
      readonly cell_type: 'markdown'
      readonly source: string
      /** Files that it shows, by name, each by MIME type in base64. */
      readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>>
    }
  | { readonly cell_type: 'code'; readonly source: string; readonly outputs: readonly Output[] }

/** What nbformat 4.5 asks for. https://nbformat.readthedocs.io/en/latest/format_description.html */
export function notebookText(cells: readonly Cell[], title: string): string {
  const idOf = ids()
  const notebook = {
    cells: cells.map((cell) => ({
      id: idOf(cell),
      metadata: {},
      ...(cell.cell_type === 'code' && { execution_count: null }),
      ...cell,
      source: lines(cell.source),
    })),
    metadata: {
      kernelspec: { display_name: 'Deno', language: 'typescript', name: 'deno' },
      language_info: { file_extension: '.ts', mimetype: 'text/x.typescript', name: 'typescript' },
      title,
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
  return `${JSON.stringify(notebook, null, 1)}\n`
}

/** Each line with its end, so that a change of one is a change of one. */
const lines = (text: string): string[] => text.split(/(?<=\n)/)

/** Ids by what the cells say: a notebook that is made again has the same. */
function ids(): (cell: Cell) => string {
  const seen = new Map<string, number>()
  return ({ cell_type, source }) => {
    const id = createHash('sha256').update(`${cell_type}\n${source}`).digest('hex').slice(0, 12)
    const times = (seen.get(id) ?? 0) + 1
    seen.set(id, times)
    return times === 1 ? id : `${id}-${times}`
  }
}
