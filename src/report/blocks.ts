import type { Block, Content, ReportDocument } from './document.ts'

/**
 * Every block through a function, those inside of lists, quotes and own words first changed themselves; notes, which are in slides alone,
 * are left as they are.
 */
export function mapBlocks(blocks: readonly Block[], change: (block: Block) => Block): readonly Block[] {
  return blocks.map((block) => {
    switch (block.kind) {
      case 'list':
        return change({ ...block, items: block.items.map((item) => mapBlocks(item, change)) })
      case 'quote':
      case 'own':
        return change({ ...block, blocks: mapBlocks(block.blocks, change) })
      default:
        return change(block)
    }
  })
}

/** Every block in reading order, those inside of lists, quotes and own words too, but for notes. */
export function* eachBlock(blocks: readonly Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block
    if (block.kind === 'list') yield* eachBlock(block.items.flat())
    else if (block.kind === 'quote' || block.kind === 'own') yield* eachBlock(block.blocks)
  }
}

/** All lines of a document, in the order in which they are read. */
export function* contentsOf(document: ReportDocument): Generator<Content> {
  if (document.abstract !== undefined) yield document.abstract
  yield* ofBlocks(document.lead)
  for (const section of [...document.sections, ...(document.appendix ?? [])]) yield* ofBlocks(section.blocks)
}

function* ofBlocks(blocks: readonly Block[]): Generator<Content> {
  for (const block of blocks) {
    switch (block.kind) {
      case 'paragraph':
      case 'notice':
        yield block.text
        break
      case 'table':
        yield block.caption
        yield* block.rows.flat()
        break
      case 'facts':
        yield block.caption
        yield* block.facts.map(([, value]) => value)
        break
      case 'figure':
      case 'gallery':
        yield block.caption
        break
      case 'list':
        for (const item of block.items) yield* ofBlocks(item)
        break
      case 'quote':
      case 'own':
        yield* ofBlocks(block.blocks)
        break
    }
  }
}
