import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { Block, Inline, ReportDocument } from '../document.ts'
import { crowded } from './crowded.ts'
import { geometryOf } from './geometry.ts'
import { toPdf } from './toPdf.ts'
import { typesetDocument } from './typeset.ts'

const date = new Date('2026-11-21T10:00:00Z')
const line = (...text: Inline[]): Block => ({ kind: 'paragraph', text })
const words: Block = { kind: 'paragraph', text: 'What was done, and what came of it. '.repeat(40) }
const drawn = (width: number, height: number): Extract<Block, { kind: 'figure' }> => ({
  kind: 'figure',
  picture: {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text y="20" font-size="11px">a</text></svg>`,
    alt: 'a',
  },
  caption: `${width} × ${height}`,
})
const finding = { check: 'literal-number', severity: 'error', saw: 'a', why: 'b', mend: 'c' } as const
const value: Inline = { kind: 'value', text: '98.7%', expression: 'x', source: 'y' }

/** Every kind of inline and block. */
const whole: ReportDocument = {
  title: 'T',
  authors: [{ name: 'Ada', id: '123', affiliation: 'Rome', email: 'ada@example.org' }, { name: 'Emmy' }],
  abstract: [{ kind: 'citation', keys: ['b'] }],
  lead: [],
  sections: [
    {
      title: 'Method',
      id: 'sec:m',
      blocks: [
        line(
          value,
          { kind: 'citation', keys: ['a', 'b'] },
          ...['fig:f', 'tab:t', 'eq:x', 'sec:m', 'app:a'].map((target): Inline => ({ kind: 'crossReference', target })),
        ),
        line(
          { kind: 'strong', children: [{ kind: 'math', tex: '\\alpha' }] },
          { kind: 'break' },
          { kind: 'code', text: '#x' },
        ),
        line({ kind: 'emphasis', children: [{ kind: 'link', href: 'https://a.org', children: [value] }] }),
        { kind: 'equation', id: 'eq:x', tex: '\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}' },
        { kind: 'heading', level: 1, title: 'One' },
        { kind: 'heading', level: 2, title: 'Two' },
        { kind: 'list', ordered: true, items: [[line(value), drawn(300, 100)]] },
        { kind: 'quote', blocks: [line(value)] },
        { ...drawn(400, 200), id: 'fig:f', findings: [finding] },
        { kind: 'facts', id: 'tab:t', caption: [value], facts: [['a', [{ kind: 'math', tex: '2^{34}' }]]] },
        { kind: 'own', id: 'goals', prompt: 'Why?', blocks: [] },
        { kind: 'notes', blocks: [line(value)] },
      ],
    },
  ],
  appendix: [{ title: 'More', id: 'app:a', blocks: [words, drawn(800, 300)] }],
  references: ['a', 'b'].map((id) => ({ id, type: 'book', title: id, author: [], url: 'https://a.org' })),
}

describe('a write-up on paper', () => {
  it.each([1, 2] as const)(
    'has all kinds of parts, draft or not, the same each time, in %i columns',
    async (columns) => {
      for (const isDraft of [false, true]) {
        const given = { ...whole, isDraft, findings: [finding] }
        const [first, again] = [await toPdf(given, { date, columns }), await toPdf(given, { date, columns })]
        expect(Buffer.compare(Buffer.from(first.bytes), Buffer.from(again.bytes))).toBe(0)
        expect(first.places.map(({ title, name }) => name || title).toSorted()).toEqual(
          ['Figure 1', 'Figure 2', 'Figure 3', 'Method', 'More', 'One', 'References', 'Table 1', 'Two'].toSorted(),
        )
        const links =
          Buffer.from(first.bytes)
            .toString('latin1')
            .match(/\/Subtype \/Link/g) ?? []
        expect(links.length).toBeGreaterThanOrEqual(8)
      }
    },
  )

  it('shows findings and missing words in drafts alone, beside a page that breaks its lines as before', () => {
    const read = (isDraft: boolean) => typesetDocument({ ...whole, isDraft }, date).json
    expect(read(true)).toContain('"prompt":"Why?"')
    expect(read(true)).toContain('"mend":"c"')
    expect(read(false)).not.toMatch(/"prompt"|"mend":"c"/)
    const [page, draft] = [geometryOf({}, false), geometryOf({}, true)]
    expect(draft.notes).toBeGreaterThan(100)
    expect({ ...draft, notes: 0 }).toEqual(page)
  })

  it('keeps figures of a column in it, and lets none cover another', async () => {
    const figures = [
      drawn(440, 300),
      drawn(700, 500),
      drawn(440, 500),
      drawn(440, 400),
      drawn(900, 400),
      drawn(440, 500),
    ]
    const sections = [{ title: 'S', blocks: figures.flatMap((figure) => [figure, words]) }]
    const { places } = await toPdf({ title: 'T', lead: [], sections }, { date, columns: 2 })
    expect(crowded(places, geometryOf({ columns: 2 }, false))).toBeUndefined()
    const wide = places.filter((place) => place.wide).map(({ title }) => title)
    expect(wide).toEqual(expect.arrayContaining(['700 × 500', '900 × 400']))
    expect(wide.length).toBeLessThan(figures.length)
  })

  it('sees what covers another, or runs out of its page', () => {
    const geometry = geometryOf({ columns: 2 }, false)
    const place = { title: 'a', name: 'Figure 1', anchor: 'a', page: 1, share: 0.2, wide: false }
    const over = { ...place, anchor: 'b', wide: true, top: 300, height: 200 }
    expect(crowded([{ ...place, top: 100, height: 150 }, over], geometry)).toBeUndefined()
    expect(crowded([{ ...place, top: 200, height: 150 }, over], geometry)?.anchor).toBe('a')
    expect(crowded([{ ...place, top: 700, height: 150 }], geometry)?.anchor).toBe('a')
  })

  it('says which figure has words too small to read, and which work is not there', async () => {
    const sections = [{ title: 'S', blocks: [drawn(1600, 900), words] }]
    const { warnings } = await toPdf({ title: 'T', lead: [], sections }, { date })
    expect(warnings).toEqual([
      expect.stringMatching(/^Figure 1 \("1600 × 900"\) has words of [345]\.\d points: draw it/),
    ])
    const lost = toPdf({ title: 'T', lead: [line({ kind: 'citation', keys: ['x'] })], sections: [] }, { date })
    await expect(lost).rejects.toThrow(UsageError)
  })
})
