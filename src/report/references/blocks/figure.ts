import { UsageError } from '../../../errors.ts'
import type { Block } from '../../document.ts'
import { optionsOf, subjectArgument, textArgument } from '../arguments.ts'
import type { Records } from '../records.ts'
import type { Referent } from '../referent.ts'
import { figureOf } from './figures/index.ts'
import { labelledAs } from './labelled.ts'
import { pictureAt } from './pictureFile.ts'

/** `figure('curves', group('cnn'), { id, caption, width })`, or `figure('path/to/picture', { … })`. */
export async function figureBlocks([what, about, ...rest]: readonly Referent[], records: Records): Promise<Block[]> {
  const name = await textArgument(what, 'figure(…)', 'the name of a figure or the path of a picture')
  const call = `figure('${name}', …)`
  const subject = subjectArgument(about, call)
  const [given, ...more] = subject === undefined && about !== undefined ? [about, ...rest] : rest
  if (more.length > 0) throw new UsageError(`${call} was given ${more.length} arguments too many`)
  const options = optionsOf(given, call)
  const block: Block =
    subject === undefined
      ? { kind: 'figure', ...(await pictureAt(name, records, await options.text('alt'))) }
      : await figureOf(name, subject, options, records)
  return labelledAs([block], options)
}

/** `gallery([figure('a', …), figure('b', …)], { id, caption })`: pictures side by side, their captions under them. */
export async function galleryBlocks([list, given, ...more]: readonly Referent[]): Promise<Block[]> {
  if (list?.kind !== 'list' || more.length > 0)
    throw new UsageError(
      "gallery(…) takes a list of figures and options, as in gallery([figure('a.png'), figure('b.png')], { caption: '…' })",
    )
  const items = list.items.flatMap((item) => {
    const blocks = item.kind === 'blocks' ? item.blocks : []
    const figures = blocks.flatMap((block) => (block.kind === 'figure' ? [block] : []))
    if (figures.length === 0) throw new UsageError('gallery(…) takes figures alone: figure(…)')
    return figures.map(({ picture, caption }) => ({
      picture,
      lines: typeof caption === 'string' ? [caption].filter(Boolean) : [],
    }))
  })
  return labelledAs([{ kind: 'gallery', items, caption: '' }], optionsOf(given, 'gallery(…)'))
}
