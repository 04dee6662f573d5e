import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { NO_NBFORMAT, nbformatErrors } from '../../testing/nbformat.ts'
import type { Block, ReportDocument } from '../document.ts'
import { toNotebook } from './toNotebook.ts'

const schema = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
  metadata: z.object({ kernelspec: z.object({ name: z.string() }), language_info: z.object({ name: z.string() }) }),
  cells: z.array(
    z.object({
      id: z.string().regex(/^[\w-]{1,64}$/),
      cell_type: z.enum(['markdown', 'code']),
      source: z.array(z.string()),
      attachments: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      outputs: z
        .array(
          z.object({
            output_type: z.string(),
            data: z.record(z.string(), z.string()),
            metadata: z.record(z.string(), z.object({ width: z.number(), height: z.number() })),
          }),
        )
        .optional(),
    }),
  ),
})

/** The notebook of a document, cells as text. */
async function made(document: Partial<ReportDocument>) {
  const { text, warnings } = await toNotebook({ title: 'Digits', lead: [], sections: [], ...document })
  const { cells, ...rest } = schema.parse(JSON.parse(text))
  return { ...rest, text, warnings, cells: cells.map((cell) => ({ ...cell, source: cell.source.join('') })) }
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
const curves = {
  kind: 'figure',
  id: 'fig:curves',
  picture: { svg, alt: 'loss falls' },
  caption: 'Curves',
  origin: "figure('curves(x)', group('cnn', { lr: '0.1' }))",
} as const satisfies Block
const scores = {
  kind: 'table',
  id: 'tab:scores',
  caption: 'Scores',
  columns: [{ title: 'run' }, { title: 'accuracy', kind: 'number' }],
  rows: [['a < b', '98.2%']],
  origin: "table('scores', group('cnn'))",
} as const satisfies Block
const whole: Partial<ReportDocument> = {
  subtitle: 'A homework',
  authors: [{ name: 'Ada', id: '17' }],
  abstract: 'We read digits.',
  lead: [
    {
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'The loss ' },
        { kind: 'math', tex: '\\ell = -\\log p_y' },
        { kind: 'text', text: ' falls in ' },
        { kind: 'crossReference', target: 'fig:curves' },
        { kind: 'text', text: ', as in ' },
        { kind: 'citation', keys: ['lecun'] },
      ],
    },
  ],
  sections: [
    {
      title: 'Results',
      blocks: [
        curves,
        { kind: 'notice', tone: 'warning', text: 'One seed.' },
        scores,
        { kind: 'paragraph', text: 'as noted', origin: scores.origin },
        { kind: 'equation', tex: 'a = b', id: 'eq:one' },
      ],
    },
  ],
  references: [
    { id: 'lecun', type: 'book', title: 'Gradient-based learning', author: [{ family: 'LeCun', given: 'Y.' }] },
  ],
}

describe('a notebook', () => {
  it('has words as Markdown, and what came of expressions as code cells with their outputs', async () => {
    const { cells, metadata } = await made(whole)
    expect(metadata).toMatchObject({ kernelspec: { name: 'deno' }, language_info: { name: 'typescript' } })
    expect(cells.map(({ cell_type }) => cell_type)).toEqual([
      ...['markdown', 'code', 'markdown', 'markdown', 'code', 'markdown', 'code', 'markdown'],
    ])
    const [title, imports, lead, heading, figure, between, table, rest] = cells
    expect(title?.source).toMatch(
      /^# Digits\n\n_A homework_\n\n\*\*Ada\*\*, 17\n\n\*\*Abstract\.\*\* We read digits\.$/,
    )
    expect(imports?.source.split('\n')[0]).toBe("import { figure, group, table } from 'assay/report'")
    expect(lead?.source).toContain(
      '$\\ell = -\\log p_y$ falls in [Figure 1](#fig:curves), as in [\\[1\\]](#reference-1)',
    )
    expect(heading?.source).toMatch(/^## .*Results$/)
    expect(figure?.source).toBe(curves.origin)
    expect(between?.source).toContain('**Figure 1.** Curves')
    expect(between?.source).toContain('> **Warning:** One seed.')
    expect(table?.source).toBe(scores.origin)
    expect(table?.outputs?.[0]?.data['text/html']).toContain('a &lt; b</th><td style="text-align:right">98.2%')
    expect(table?.outputs?.[0]?.data['text/plain']).toBe('run    accuracy\na < b     98.2%')
    expect(rest?.source).toMatch(/^.*\*\*Table 1\.\*\* Scores\n\nas noted\n[\s\S]*a = b \\tag\{1\}[\s\S]*## References/)
  })

  it('keeps pictures as PNG of twice the pixels, shown as large as they are', async () => {
    const { cells } = await made(whole)
    const [output] = cells.find(({ source }) => source === curves.origin)?.outputs ?? []
    expect(output?.metadata).toEqual({ 'image/png': { width: 40, height: 20 } })
    expect(output?.data['text/plain']).toBe('loss falls')
    const bytes = Buffer.from(output?.data['image/png'] ?? '', 'base64')
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 80, height: 40 })
  })

  it('attaches pictures that came of no expression to the words around them', async () => {
    const { origin: _, ...plain } = curves
    const { cells } = await made({
      lead: [plain, { kind: 'gallery', caption: 'Two', items: [{ picture: plain.picture, lines: ['one'] }] }],
    })
    const shown = cells.find(({ attachments }) => attachments !== undefined)
    expect(Object.keys(shown?.attachments ?? {})).toEqual(['fig-curves.png', 'figure-2-1.png'])
    expect(shown?.source).toContain('![loss falls](attachment:fig-curves.png)')
    expect(shown?.source).toContain('![loss falls](attachment:figure-2-1.png)')
  })

  it('has TypeScript as cells that run, other code as words, and a cell for each missing word in drafts', async () => {
    const lead: Block[] = [
      { kind: 'code', language: 'typescript', text: "import { adam } from 'assay'" },
      { kind: 'code', language: 'sh', text: 'npm start' },
      { kind: 'own', id: 'goals', prompt: 'What do you ask?', blocks: [] },
      { kind: 'own', id: 'why', prompt: 'Why?', blocks: [{ ...curves, id: 'fig:own' }] },
    ]
    const draft = await made({ lead, isDraft: true })
    expect(draft.cells.map(({ cell_type, source }) => [cell_type, source.split('\n')[0]])).toEqual([
      ['markdown', '# Digits'],
      ['code', "import { figure, group } from 'assay/report'"],
      ['code', "import { adam } from 'assay'"],
      ['markdown', '```sh'],
      ['markdown', '> **In your own words:** What do you ask?'],
      ['code', curves.origin],
      ['markdown', '<a id="fig:own"></a>**Figure 1.** Curves'],
    ])
    expect((await made({ lead })).text).not.toContain('What do you ask?')
  })

  it('starts from the folder of its source', async () => {
    const first = async (source?: string) => {
      const { text } = await toNotebook(
        { title: 'x', lead: [curves], sections: [] },
        source === undefined ? {} : { source },
      )
      return schema.parse(JSON.parse(text)).cells[1]?.source.join('')
    }
    expect(await first()).not.toContain('chdir')
    expect(await first('..')).toMatch(/import 'assay\/notebook'\n[^\n]*\nDeno\.chdir\('\.\.'\)$/)
    const { text } = await toNotebook({ title: 'x', lead: [curves], sections: [] }, { source: '..', runs: '../runs' })
    expect(schema.parse(JSON.parse(text)).cells[1]?.source.join('')).toMatch(
      /import \{ lookUpIn \} from 'assay\/notebook'\n[^\n]*\nDeno\.chdir\('\.\.'\)\nlookUpIn\('\.\.\/runs'\)$/,
    )
    expect(await first("it's")).toMatch(/Deno\.chdir\('it\\'s'\)$/)
  })

  it('is the same when it is made again, with an id of its own for each cell', async () => {
    const twice = { ...whole, sections: [...(whole.sections ?? []), { title: 'Results', blocks: [] }] }
    const { text, cells } = await made(twice)
    expect((await made(twice)).text).toBe(text)
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length)
  })

  it('is valid by nbformat’s own schema', async ({ skip }) => {
    const errors = nbformatErrors() ?? skip(NO_NBFORMAT)
    const { text } = await made({ ...whole, isDraft: true })
    expect(errors(JSON.parse(text))).toEqual([])
    expect(errors(JSON.parse(text.replace('"cell_type": "code"', '"cell_type": "cod"')))).not.toEqual([])
  })
})
