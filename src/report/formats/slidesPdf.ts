import writeFileAtomic from 'write-file-atomic'
import { toSlidesPdf } from '../slides/toSlidesPdf.ts'
import type { Format } from './format.ts'
import { slidesFile } from './slides.ts'

/** Slides on pages of 16 to 9, set by Typst. */
export const slidesPdf: Format = {
  file: (name) => slidesFile(name, 'pdf'),
  write: async (path, document, { date, slides }) => {
    const { bytes, pages, warnings } = await toSlidesPdf(document, { ...slides, date })
    await writeFileAtomic(path, Buffer.from(bytes))
    return { pages, ...(warnings.length > 0 && { warnings }) }
  },
}
