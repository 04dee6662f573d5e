import { resolve } from 'node:path'
import { referenceKind } from '../../report/builders/index.ts'
import { type Block, plainText } from '../../report/document.ts'
import { evaluate, openRecords } from '../../report/references/index.ts'
import { bundleOf, type Part } from '../bundle.ts'
import { runsFolder } from '../runsFolder.ts'

/** Paths start from the folder in which the kernel is. */
referenceKind.show(async ({ expression }) => {
  const found = await evaluate(expression, openRecords(resolve(runsFolder()), resolve('.')))
  if (found.kind === 'value') return bundleOf([`${found.value.text}  (${found.value.source})`])
  return bundleOf(found.blocks.flatMap(partsOf))
})

/** What of a block a cell can show. */
function partsOf(block: Block): readonly Part[] {
  switch (block.kind) {
    case 'table':
    case 'facts':
      return [block]
    case 'figure':
      return [{ picture: block.picture }, ...words(plainText(block.caption))]
    case 'gallery':
      return [
        ...block.items.flatMap(({ picture, lines }): readonly Part[] => [{ picture }, ...words(lines.join(' '))]),
        ...words(plainText(block.caption)),
      ]
    case 'paragraph':
    case 'notice':
      return words(plainText(block.text))
    default:
      return []
  }
}

const words = (text: string): readonly string[] => (text === '' ? [] : [text])
