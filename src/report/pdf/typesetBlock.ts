import type { Finding } from '../../audit/finding.ts'
import { type Block, type Picture, plainText } from '../document.ts'
import type { Numbering } from '../numbering.ts'
import { fitGallery } from './fitGallery.ts'
import { fitPicture, isReadable, withWords } from './fitPicture.ts'
import type { Geometry } from './geometry.ts'
import { typstMath } from './math.ts'
import { onPaper, typesetWords } from './words.ts'

/** What the blocks of one document share. */
export interface Setting {
  readonly numbering: Numbering
  readonly geometry: Geometry
  readonly isDraft: boolean
  /** Anchors of what found no room in a column. */
  readonly wide: ReadonlySet<string>
  /** Pictures, by the names under which the template shows them. */
  readonly files: Map<string, Uint8Array>
  /** Figures whose words came out too small. */
  readonly warnings: string[]
}

/** Blocks as the template reads them: those that paper does not show left out. */
export const typesetBlocks = (blocks: readonly Block[], setting: Setting): readonly object[] =>
  blocks
    .filter((block) => isShown(block, setting))
    .map((block) => ({ ...typesetBlock(block, setting), ...labelled(block, setting), ...noted(block, setting) }))

const isShown = (block: Block, { isDraft }: Setting): boolean =>
  block.kind !== 'notes' && (block.kind !== 'own' || block.blocks.length > 0 || isDraft)

const labelled = (block: Block, { numbering }: Setting) => {
  const label = numbering.labelOf(block)
  return { number: label?.number ?? '', anchor: label?.anchor ?? null, name: label?.text ?? '' }
}

const noted = ({ findings = [] }: Block, { isDraft }: Setting) => ({
  findings: isDraft ? findings.map(typesetFinding) : [],
})

export const typesetFinding = ({ severity, check, saw, why, mend }: Finding) => ({ severity, check, saw, why, mend })

function typesetBlock(block: Block, setting: Setting): object {
  const words = (content: Parameters<typeof typesetWords>[0]) => typesetWords(content, setting.numbering)
  switch (block.kind) {
    case 'paragraph':
    case 'notice':
      return { ...block, text: words(block.text) }
    case 'heading':
    case 'code':
      return block
    case 'list':
      return { ...block, items: block.items.map((item) => typesetBlocks(item, setting)) }
    case 'quote':
    case 'own':
      return { ...block, blocks: typesetBlocks(block.blocks, setting) }
    case 'equation':
      return { ...block, typst: typstMath(block.tex, { isBlock: true }) }
    case 'headline':
      return { ...block, detail: block.detail ?? '' }
    case 'table':
      return {
        ...block,
        ...captioned(block, setting),
        columns: block.columns.map(({ title, kind = 'text' }) => ({ title, kind })),
        rows: block.rows.map((row) => row.map(words)),
      }
    case 'facts':
      return {
        ...block,
        ...captioned(block, setting),
        facts: block.facts.map(([name, value]) => [name, words(value)]),
      }
    case 'figure': {
      const fitted = fitPicture(block.picture, setting.geometry, { share: block.width, isWide: isWide(block, setting) })
      if (!isReadable(fitted))
        setting.warnings.push(
          `${setting.numbering.labelOf(block)?.text ?? 'a figure'} ("${plainText(block.caption).slice(0, 60)}") has words of ${fitted.smallest.toFixed(1)} points: draw it narrower, or with larger words`,
        )
      const file = fileOf(block.picture, setting, fitted.growth)
      return { ...block, ...captioned(block, setting), picture: { ...file, ...fitted }, wide: fitted.isWide }
    }
    case 'gallery': {
      const pictures = block.items.map(({ picture }) => picture)
      const { across, tiles } = fitGallery(pictures, setting.geometry, isWide(block, setting))
      const items = block.items.map(({ picture, lines }, i) => {
        const { growth = 1, ...size } = tiles[i] ?? {}
        return { picture: { ...fileOf(picture, setting, growth), ...size }, lines }
      })
      return { ...block, ...captioned(block, setting), across, items }
    }
    case 'links':
      return { ...block, items: block.items.map(({ href, ...item }) => ({ ...item, href: onPaper(href) })) }
    case 'notes':
      return {}
  }
}

const isWide = (block: Block, { numbering, wide }: Setting): boolean => {
  const label = numbering.labelOf(block)
  return label !== undefined && wide.has(label.anchor)
}

/** A caption, and in words alone for whoever asks on which page it is. */
const captioned = (block: Extract<Block, { kind: 'table' | 'facts' | 'figure' | 'gallery' }>, setting: Setting) => ({
  caption: typesetWords(block.caption, setting.numbering),
  called: plainText(block.caption),
  wide: isWide(block, setting),
})

function fileOf(picture: Picture, { files }: Setting, growth = 1) {
  const isSvg = 'svg' in picture
  const file = `picture-${files.size + 1}.${isSvg ? 'svg' : 'png'}`
  files.set(file, isSvg ? new TextEncoder().encode(withWords(picture.svg, growth)) : picture.png)
  return { file, alt: picture.alt, pixels: !isSvg }
}
