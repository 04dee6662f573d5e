import type { RootContent } from 'mdast'
import { eachBlock } from '../blocks.ts'
import type { Block, Content, Picture, ReportDocument, Section } from '../document.ts'
import { wordsHtml } from '../html/inlines.ts'
import { type BlockContext, blocksOf, caption, heading } from '../markdown/blocks.ts'
import { frontOf, markdownOf, references } from '../markdown/toMarkdown.ts'
import { type Numbering, numberDocument } from '../numbering.ts'
import { type Cell, notebookText, type Output } from './cells.ts'
import { type DrawnPictures, drawPictures } from './pictures.ts'
import { tableHtml, tableText } from './tables.ts'

/** A document as a Jupyter notebook. */
export interface Notebook {
  /** JSON of nbformat 4.5. */
  readonly text: string
  readonly warnings: readonly string[]
}

export interface NotebookOptions {
  /** From the notebook's folder to that of the write-up, whose runs expressions are about; default: the same folder. */
  readonly source?: string
  /** Folder of the runs that expressions are looked up in, from the source's; default `runs`. */
  readonly runs?: string
}

/** Parts that stand as outputs of code cells, where they came of an expression or are pictures. */
type Shown = Extract<Block, { kind: 'table' | 'facts' | 'figure' | 'gallery' }>
const isShown = (block: Block): block is Shown =>
  block.kind === 'table' || block.kind === 'facts' || block.kind === 'figure' || block.kind === 'gallery'

/**
 * A document as a notebook for Deno's kernel: words are Markdown, and each table and figure that came of an expression is a code cell of
 * that expression with its outputs, so that it can be looked at without a kernel and computed again with one. Pictures are PNG, which
 * GitHub shows too.
 *
 * @throws UsageError for a cross-reference or a citation of what is not there
 *
 * @example
 * await writeFile('report.ipynb', (await toNotebook(document)).text)
 */
export async function toNotebook(
  given: ReportDocument,
  { source = '', runs = 'runs' }: NotebookOptions = {},
): Promise<Notebook> {
  const numbering = numberDocument(given)
  const { document } = numbering
  const { lead, sections, appendix = [], isDraft = false } = document
  const all = [lead, ...sections.map(({ blocks }) => blocks), ...appendix.map(({ blocks }) => blocks)]
  const blocks = all.flatMap((part) => [...eachBlock(part)])
  const pictures = await drawPictures(blocks.flatMap(picturesIn))
  const writer = new Writer({ numbering, isDraft, pictures })
  writer.say(frontOf(writer.context))
  const imports = importsOf(blocks, source, runs)
  if (imports !== undefined) writer.code(imports, [])
  writer.blocks(lead)
  for (const section of sections) writer.section(section)
  writer.say(references(writer.context))
  for (const section of appendix) writer.section(section)
  writer.flush()
  return {
    text: notebookText(writer.cells, document.title),
    warnings: pictures.isTooLarge
      ? ['the pictures of the notebook are more than 8 MB: GitHub may not show it, so leave some out']
      : [],
  }
}

const picturesIn = (block: Block): readonly Picture[] => {
  if (block.kind === 'figure') return [block.picture]
  return block.kind === 'gallery' ? block.items.map(({ picture }) => picture) : []
}

/** What makes the functions of all expressions known; undefined where there are none. */
function importsOf(blocks: readonly Block[], source: string, runs: string): string | undefined {
  const names = blocks.flatMap(({ origin = '' }) =>
    // A quoted text may have anything in it.
    Array.from(
      origin.replace(/'[^']*'|"[^"]*"/g, "''").matchAll(/(?<![.\w])([a-z]\w*)(?=\()/gi),
      ([, name = '']) => name,
    ),
  )
  const sorted = [...new Set(names)].sort()
  if (sorted.length === 0) return undefined
  return [
    `import { ${sorted.join(', ')} } from 'assay/report'`,
    '// Results show themselves in cells.',
    runs === 'runs' ? "import 'assay/notebook'" : "import { lookUpIn } from 'assay/notebook'",
    ...(source === '' ? [] : ['// The folder that expressions start from.', `Deno.chdir(${quoted(source)})`]),
    ...(runs === 'runs' ? [] : [`lookUpIn(${quoted(runs)})`]),
  ].join('\n')
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`

interface Parts {
  readonly numbering: Numbering
  readonly isDraft: boolean
  readonly pictures: DrawnPictures
}

/** Gathers cells: words that follow each other are one. */
class Writer {
  readonly cells: Cell[] = []
  readonly context: BlockContext
  readonly #parts: Parts
  #words: RootContent[] = []
  #attachments = new Map<string, Picture>()

  constructor(parts: Parts) {
    this.#parts = parts
    const { numbering, isDraft } = parts
    this.context = {
      numbering,
      isDraft,
      pictures: { files: new Map(), add: (picture, name) => `attachment:${this.#attach(picture, name)}` },
    }
  }

  say(content: readonly RootContent[]): void {
    this.#words.push(...content)
  }

  section(section: Section): void {
    this.flush()
    this.say([heading(2, section, section.title, this.context)])
    this.blocks(section.blocks)
  }

  blocks(blocks: readonly Block[]): void {
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]
      if (block === undefined) continue
      if (block.kind === 'own' && block.blocks.length > 0) this.blocks(block.blocks)
      else if (block.kind === 'own') {
        // A cell of its own, to be written into.
        this.flush()
        this.say(blocksOf([block], this.context))
        this.flush()
      } else if (block.kind === 'code' && block.language === 'typescript') this.code(block.text, [])
      else if (block.origin !== undefined && isShown(block)) {
        const made = madeBy(block.origin, blocks, i)
        this.#shown(block.origin, made)
        i += made.length - 1
      } else this.say(blocksOf([block], this.context))
    }
  }

  flush(): void {
    if (this.#words.length === 0) return
    const attachments = Object.fromEntries(
      [...this.#attachments].map(([name, picture]) => [name, { 'image/png': this.#parts.pictures.of(picture).png }]),
    )
    this.cells.push({
      cell_type: 'markdown',
      source: withoutAlerts(markdownOf(this.#words).trimEnd()),
      ...(this.#attachments.size > 0 && { attachments }),
    })
    this.#words = []
    this.#attachments = new Map()
  }

  code(source: string, outputs: readonly Output[]): void {
    this.flush()
    this.cells.push({ cell_type: 'code', source, outputs })
  }

  /** What one expression gave: its outputs under it, and their captions. */
  #shown(origin: string, made: readonly Block[]): void {
    const shown = made.filter(isShown)
    this.code(
      origin,
      shown.flatMap((block) => this.#outputsOf(block)),
    )
    const { numbering } = this.context
    for (const block of made)
      this.say(isShown(block) ? [caption(block, block.caption, numbering)] : blocksOf([block], this.context))
  }

  #outputsOf(block: Shown): Output[] {
    if (block.kind === 'figure') return [this.#pictureOutput(block.picture)]
    if (block.kind === 'gallery') return block.items.map(({ picture, lines }) => this.#pictureOutput(picture, lines))
    // The caption follows, with its number.
    const { numbering, isDraft } = this.#parts
    const bare = { ...block, caption: '' }
    const page = { numbering, isDraft, uses: new Map(), hasMath: false }
    const words = (content: Content): string => wordsHtml(content, page)
    return [
      {
        output_type: 'display_data',
        data: { 'text/html': tableHtml(bare, words), 'text/plain': tableText(bare) },
        metadata: {},
      },
    ]
  }

  #pictureOutput(picture: Picture, lines: readonly string[] = []): Output {
    const { png, width, height } = this.#parts.pictures.of(picture)
    return {
      output_type: 'display_data',
      data: { 'image/png': png, 'text/plain': [picture.alt, ...lines].join('\n') },
      metadata: { 'image/png': { width, height } },
    }
  }

  #attach(picture: Picture, name: string): string {
    const safe = name.replace(/[^\w-]+/g, '-')
    const taken = (file: string): boolean => {
      const there = this.#attachments.get(file)
      return there !== undefined && there !== picture
    }
    let file = `${safe}.png`
    for (let i = 2; taken(file); i++) file = `${safe}-${i}.png`
    this.#attachments.set(file, picture)
    return file
  }
}

/** GitHub's alerts are bold words in a quote: other front ends show their signs as they are. */
const withoutAlerts = (text: string): string =>
  text.replace(/^> \[!(NOTE|TIP|WARNING|CAUTION)\]\n> /gm, (_, sign: keyof typeof SIGNS) => `> **${SIGNS[sign]}:** `)
const SIGNS = { NOTE: 'Note', TIP: 'In your own words', WARNING: 'Warning', CAUTION: 'Finding' } as const

/** The blocks from here on that one expression gave. */
function madeBy(origin: string, blocks: readonly Block[], start: number): readonly Block[] {
  const end = blocks.findIndex((block, i) => i > start && block.origin !== origin)
  return blocks.slice(start, end < 0 ? blocks.length : end)
}
