import { describe, expect, it } from 'vitest'
import type { Block, ReportDocument } from '../document.ts'
import { beyondPages } from './pageLimit.ts'
import { toPdf } from './toPdf.ts'

const date = new Date('2026-11-21T10:00:00Z')
const words: Block = { kind: 'paragraph', text: 'What was done, and what came of it. '.repeat(66) }
const figure = (height: number, caption: string): Block => ({
  kind: 'figure',
  picture: { svg: `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="${height}"></svg>`, alt: caption },
  caption,
})
/** Seven pages: the last has a conclusion. */
const seven: ReportDocument = {
  title: 'Homework',
  lead: [],
  sections: [
    { title: 'Method', blocks: [words, figure(100, 'Small'), words, words] },
    { title: 'Results', blocks: [...Array(5).fill(words), figure(380, 'Large'), ...Array(5).fill(words)] },
    { title: 'Conclusion', blocks: [words, words] },
  ],
}

describe('a limit of six pages', () => {
  it('names what is beyond, how much must go, and what takes most', async () => {
    const pdf = await toPdf(seven, { date })
    expect(pdf.pages).toBe(7)
    expect(beyondPages(pdf, 7)).toBeUndefined()
    const { message = '' } = beyondPages(pdf, 6) ?? {}
    expect(message).toMatch(
      /^the PDF has 7 pages and may have 6: beyond page 6 is the end of "Conclusion"; about 0\.\d pages must go/,
    )
    const [, large, small] =
      /pages must go: Figure 2 "Large" takes (0\.\d\d) of a page; Figure 1 "Small" takes (0\.\d\d) of a page\. Cut, or move/.exec(
        message,
      ) ?? []
    expect(Number(large)).toBeGreaterThan(0.4)
    expect(Number(small)).toBeLessThan(0.2)
    expect(message).toContain('or set it in two columns')
    expect(beyondPages(pdf, 5)?.message).toContain('beyond page 5 is "Conclusion" on page 6; about 1.')
    expect(beyondPages(pdf, 6, 2)?.message).not.toContain('columns')
  })

  it.each([1, 2] as const)('does not count an appendix, which begins a page, in %i columns', async (columns) => {
    const [method] = seven.sections
    const short: ReportDocument = { ...seven, sections: method === undefined ? [] : [method] }
    const before = await toPdf(short, { date, columns })
    const appendix = [
      { title: 'More', blocks: [words, figure(300, 'Extra')] },
      { title: 'Most', blocks: Array(20).fill(words) },
    ]
    const pdf = await toPdf({ ...short, appendix }, { date, columns })
    expect(pdf.countedPages).toBe(before.pages)
    expect(pdf.pages).toBeGreaterThan(before.pages + 1)
    expect(pdf.places.find(({ title }) => title === 'More')?.page).toBe(before.pages + 1)
    expect(beyondPages(pdf, before.pages)).toBeUndefined()
    expect(beyondPages(pdf, before.pages - 1)?.message).not.toContain('Extra')
  })
})
