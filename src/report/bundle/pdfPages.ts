import { inflateSync } from 'node:zlib'

/**
 * How many pages a PDF has, by the root of its tree of pages: objects in the open, and in object streams (ISO 32000-1, 7.5.7), which may hold them
 * compressed.
 *
 * @returns undefined where no tree of pages is found, as of an encrypted file
 *
 * @example
 * pdfPages(await readFile('built/report.pdf')) // 6
 */
export function pdfPages(bytes: Uint8Array): number | undefined {
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.startsWith('%PDF-')) return undefined
  const trees = [text, ...objectStreams(text)].flatMap((objects) =>
    Array.from(objects.matchAll(/\/Type\s*\/Pages\b/g), ({ index }) => countIn(dictionaryAround(objects, index))),
  )
  const counts = trees.flatMap((count) => count ?? [])
  // The root counts the leaves of all its branches.
  return counts.length === 0 ? undefined : Math.max(...counts)
}

/**
 * Pages before the appendix of a report that `assay report` has set: before the page of the first chapter in its outline that is numbered A. All pages
 * where there is none, or the outline is of another kind.
 */
export function countedPages(bytes: Uint8Array): number | undefined {
  const all = pdfPages(bytes)
  const objects = new Map<string, string>()
  const text = Buffer.from(bytes).toString('latin1')
  for (const [, id = '', body = ''] of text.matchAll(/\b(\d+) 0 obj\b([\s\S]*?)\bendobj/g)) objects.set(id, body)
  const referred = (body: string, key: string): string => new RegExp(`/${key}\\s+(\\d+) 0 R`).exec(body)?.[1] ?? ''
  const outline = [...objects].find(([, body]) => /\/Type\s*\/Outlines\b/.test(body))?.[0]
  const appendix = [...objects.values()].find(
    (body) => outline !== undefined && referred(body, 'Parent') === outline && /\/Title\s*\(A[^a-z]/.test(body),
  )
  if (appendix === undefined) return all
  const page = /(\d+) 0 R/.exec(objects.get(referred(appendix, 'Dest')) ?? '')?.[1]
  const root = [...objects].find(([, body]) => /\/Type\s*\/Pages\b/.test(body) && !/\/Parent\b/.test(body))?.[0]
  const before = page === undefined || root === undefined ? -1 : leaves(root, objects).indexOf(page)
  return before < 1 ? all : before
}

/** Pages below a node of the tree, in their order. */
function leaves(id: string, objects: ReadonlyMap<string, string>): string[] {
  const kids = /\/Kids\s*\[([^\]]*)\]/.exec(objects.get(id) ?? '')?.[1]
  return kids === undefined
    ? [id]
    : Array.from(kids.matchAll(/(\d+) 0 R/g), ([, kid = '']) => kid).flatMap((kid) => leaves(kid, objects))
}

const countIn = (dictionary: string): number | undefined => {
  const [, count] = /\/Count\s+(\d+)/.exec(dictionary) ?? []
  return count === undefined ? undefined : Number(count)
}

/** The dictionary that holds a place: from its `<<` to its `>>`, those inside it passed over. */
function dictionaryAround(text: string, at: number): string {
  let begin = at
  for (let depth = 0; begin > 0; begin--) {
    const two = text.slice(begin, begin + 2)
    if (two === '>>') {
      depth++
      begin--
    } else if (two === '<<') {
      if (depth === 0) break
      depth--
    }
  }
  let end = at
  for (let depth = 0; end < text.length; end++) {
    const two = text.slice(end, end + 2)
    if (two === '<<') {
      depth++
      end++
    } else if (two === '>>') {
      if (depth === 0) break
      depth--
      end++
    }
  }
  return text.slice(begin, end)
}

function objectStreams(text: string): string[] {
  return Array.from(text.matchAll(/\/Type\s*\/ObjStm\b/g), ({ index }) => {
    const start = text.indexOf('stream', index)
    const end = text.indexOf('endstream', start)
    if (start < 0 || end < 0) return ''
    const begin = start + 'stream'.length + (text.startsWith('\r\n', start + 'stream'.length) ? 2 : 1)
    try {
      return inflateSync(Buffer.from(text.slice(begin, end), 'latin1'), { finishFlush: 2 }).toString('latin1')
    } catch {
      return ''
    }
  })
}
