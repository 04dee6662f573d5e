import type { Outline, OutlineBranch, OutlineLayer } from '../../nn/index.ts'
import type { Shape } from '../../tensor/index.ts'
import { INK } from '../figure.ts'
import { colorOf, isNote, nameOf } from './labels.ts'

/** A solid on the line, with what it is below it and its path above. */
export interface Block {
  readonly path: string
  readonly name: string
  readonly color: string
  readonly notes: readonly string[]
  readonly shape: Shape
}

/** Layers that only change numbers where they are become notes of the layer before. */
export function blocksOf(items: Outline, before?: Block): (Block | OutlineBranch)[] {
  const found: (Block | OutlineBranch)[] = before === undefined ? [] : [before]
  for (const item of items) {
    const last = found.at(-1)
    if (item.type === 'layer' && isNote(item) && last !== undefined && !('type' in last))
      found[found.length - 1] = { ...last, notes: [...last.notes, nameOf(item.layer)], shape: shapeAfter(last, item) }
    else found.push(item.type === 'branch' ? item : blockOf(item))
  }
  return found
}

/** A chain alone: of branches, which a shortcut hardly has, the main way. */
export const flatBlocks = (items: Outline): Block[] =>
  blocksOf(items).flatMap((one) => ('type' in one ? flatBlocks(one.body) : [one]))

/** Flattening tells how numbers go on, not what they are: the map stays in the picture. */
const shapeAfter = (block: Block, item: OutlineLayer): Shape =>
  item.layer.kind === 'Unflatten' ? item.output : block.shape

const blockOf = ({ path, layer, output }: OutlineLayer): Block => ({
  path,
  name: nameOf(layer),
  color: colorOf(layer),
  notes: [],
  shape: output,
})

/** The sample as it comes in. */
export const inputBlock = (shape: Shape): Block => ({ path: '', name: 'input', color: INK.line, notes: [], shape })
