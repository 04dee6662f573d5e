import writeFileAtomic from 'write-file-atomic'
import { toNotebook } from '../notebook/toNotebook.ts'
import type { Format } from './format.ts'

/** A Jupyter notebook with its outputs. */
export const notebook: Format = {
  file: (name) => `${name}.ipynb`,
  write: async (path, document) => {
    const { text, warnings } = await toNotebook(document)
    await writeFileAtomic(path, text)
    return warnings.length === 0 ? {} : { warnings }
  },
}
