import { dirname, relative, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { toNotebook } from '../notebook/toNotebook.ts'
import type { Format } from './format.ts'

/** A Jupyter notebook with its outputs. */
export const notebook: Format = {
  file: (name) => `${name}.ipynb`,
  write: async (path, document, { source = dirname(path) }) => {
    const { text, warnings } = await toNotebook(document, {
      source: relative(dirname(path), source).split(sep).join('/'),
    })
    await writeFileAtomic(path, text)
    return warnings.length === 0 ? {} : { warnings }
  },
}
