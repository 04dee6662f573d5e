import writeFileAtomic from 'write-file-atomic'
import { beyondPages } from '../pdf/pageLimit.ts'
import { toPdf } from '../pdf/toPdf.ts'
import type { Format } from './format.ts'

/** Paper, set by Typst. A PDF of too many pages is written all the same, and refused. */
export const pdf: Format = {
  file: (name) => `${name}.pdf`,
  write: async (path, document, { date, pdf: { mostPages, ...page } }) => {
    const made = await toPdf(document, { ...page, date })
    await writeFileAtomic(path, Buffer.from(made.bytes))
    const { pages, warnings } = made
    const refused = mostPages === undefined ? undefined : beyondPages(made, mostPages, page.columns)
    return { pages, ...(warnings.length > 0 && { warnings }), ...(refused !== undefined && { refused }) }
  },
}
