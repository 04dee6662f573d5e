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
