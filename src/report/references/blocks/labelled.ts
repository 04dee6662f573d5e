import { UsageError } from '../../../errors.ts'
import type { Block } from '../../document.ts'
import type { Options } from '../arguments.ts'

/** Blocks that carry an id and a caption; the first of them gets what the author says. */
const hasCaption = (block: Block): block is Extract<Block, { kind: 'table' | 'facts' | 'figure' | 'gallery' }> =>
  block.kind === 'table' || block.kind === 'facts' || block.kind === 'figure' || block.kind === 'gallery'

/** Blocks with the id, the caption and the width that their author gave. @throws UsageError for options that are not known */
export async function labelledAs(blocks: readonly Block[], options: Options): Promise<Block[]> {
  const [id, caption] = [await options.text('id'), await options.text('caption')]
  const at = blocks.findIndex(hasCaption)
  const isFigure = blocks[at]?.kind === 'figure'
  const width = isFigure ? await options.number('width') : undefined
  options.done()
  if (width !== undefined && !(width > 0 && width <= 1))
    throw new UsageError(`width is ${width}: give a share of the column above 0, and at most 1`)
  return blocks.map((block, i) =>
    i === at && hasCaption(block)
      ? {
          ...block,
          ...(id !== undefined && { id }),
          ...(caption !== undefined && { caption }),
          ...(width !== undefined && { width }),
        }
      : block,
  )
}
