import writeFileAtomic from 'write-file-atomic'
import { renderHtml } from '../html.ts'
import type { Format } from './format.ts'

/** One page that asks for nothing else. */
export const html: Format = {
  file: (name) => `${name}.html`,
  write: async (path, document) => {
    await writeFileAtomic(path, renderHtml(document))
    return {}
  },
}
