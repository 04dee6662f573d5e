import writeFileAtomic from 'write-file-atomic'
import { toSlides } from '../slides/toSlides.ts'
import type { Format } from './format.ts'

/** The files of slides that `report` gives are `slides.html` and `slides.pdf`. */
export const slidesFile = (name: string, type: 'html' | 'pdf'): string =>
  `${name === 'report' ? 'slides' : `${name}-slides`}.${type}`

/** Slides in one page that asks for nothing else, with the speaker's notes. */
export const slides: Format = {
  file: (name) => slidesFile(name, 'html'),
  write: async (path, document, { slides: options }) => {
    await writeFileAtomic(path, await toSlides(document, options))
    return {}
  },
}
