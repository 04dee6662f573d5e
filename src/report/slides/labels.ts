import type { Numbering } from '../numbering.ts'
import type { Slide } from './slidesOf.ts'
import { isShown } from './visual.ts'

/** The numbering on one slide: a part of a figure or a table is called as the whole is. */
export const onSlide = ({ label }: Slide, numbering: Numbering): Numbering => ({
  ...numbering,
  labelOf: (part) => numbering.labelOf(part) ?? ('kind' in part && isShown(part) ? label : undefined),
})

/** What stands over a title: of which section the slide is, and whether it is for questions alone. */
export const overTitle = ({ isBackup, section }: Slide): string =>
  [...(isBackup ? ['Backup'] : []), ...(section === undefined ? [] : [section])].join(' · ')
