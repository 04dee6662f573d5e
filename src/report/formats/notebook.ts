import { dirname, join, relative, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { toNotebook } from '../notebook/toNotebook.ts'
import type { Format } from './format.ts'

/** A Jupyter notebook with its outputs. */
export const notebook: Format = {
  file: (name) => `${name}.ipynb`,
  write: async (path, document, { source = dirname(path), runs = join(source, 'runs') }) => {
    const { text, warnings } = await toNotebook(document, {
      source: slashed(relative(dirname(path), source)),
      runs: slashed(relative(source, runs)),
    })
    await writeFileAtomic(path, text)
    return warnings.length === 0 ? {} : { warnings }
  },
}

const slashed = (path: string): string => path.split(sep).join('/')
