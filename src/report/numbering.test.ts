import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import type { Block, Content, ReportDocument } from './document.ts'
import { numberDocument } from './numbering.ts'

const picture = { svg: '<svg width="1" height="1"/>', alt: 'a' }
const figure = (id?: string): Block => ({ kind: 'figure', picture, caption: 'F', ...(id !== undefined && { id }) })
const table: Block = { kind: 'facts', caption: 'T', facts: [] }
const line = (...text: Exclude<Content, string>): Block => ({ kind: 'paragraph', text })
const cite = (...keys: string[]) => ({ kind: 'citation', keys }) as const
const see = (target: string) => ({ kind: 'crossReference', target }) as const
const work = (id: string) => ({ id, type: 'book', title: id, author: [] })
const heading = (level: 1 | 2, id?: string): Block => ({
  kind: 'heading',
  level,
  title: 'H',
  ...(id !== undefined && { id }),
})
const documentOf = (given: Partial<ReportDocument>): ReportDocument => ({
  title: 'D',
  lead: [],
  sections: [],
  ...given,
})
const textsOf = (document: ReportDocument): (string | undefined)[] => {
  const numbering = numberDocument(document)
  const { lead, sections, appendix = [] } = numbering.document
  return [
    ...lead.map((block) => numbering.labelOf(block)?.text),
    ...[...sections, ...appendix].flatMap((section) => [
      numbering.labelOf(section)?.text,
      ...section.blocks.map((block) => numbering.labelOf(block)?.text),
    ]),
  ]
}

describe('numbers of a document', () => {
  it('count figures, tables and equations with ids apart, through to the appendix, though a block stands twice', () => {
    const shared = figure()
    const equation: Block = { kind: 'equation', tex: 'x', id: 'eq:x' }
    const document = documentOf({
      lead: [shared, table],
      sections: [{ title: 'S', blocks: [shared, { kind: 'equation', tex: 'y' }, equation, line()] }],
      appendix: [
        { title: 'A', blocks: [shared, heading(1)] },
        { title: 'B', blocks: [] },
      ],
    })
    expect(textsOf(document)).toEqual([
      ...['Figure 1', 'Table 1', '“S”', 'Figure 2', undefined, 'Equation 1', undefined],
      ...['Appendix A', 'Figure 3', 'Appendix A.1', 'Appendix B'],
    ])
    const numbering = numberDocument(document)
    expect(numbering.target('eq:x')).toEqual({ kind: 'equation', number: '1', text: 'Equation 1', anchor: 'eq:x' })
  })

  it('number sections only where one of them is referred to', () => {
    const sections = (id: string) => [
      { title: 'S', blocks: [line(see(id))] },
      { title: 'M', id: 'sec:m', blocks: [heading(1), heading(2), heading(1, 'sec:d'), heading(2, 'sec:e')] },
    ]
    expect(textsOf(documentOf({ sections: sections('sec:m') }))).toEqual([
      ...['Section 1', undefined, 'Section 2', 'Section 2.1', 'Section 2.1.1', 'Section 2.2', 'Section 2.2.1'],
    ])
    expect(numberDocument(documentOf({ sections: sections('sec:e') })).target('sec:e').text).toBe('Section 2.2.1')
  })

  it('reach figures in lists, quotes and own words', () => {
    const inside: Block[] = [
      { kind: 'list', ordered: false, items: [[figure('fig:a')]] },
      { kind: 'quote', blocks: [figure('fig:b')] },
      { kind: 'own', id: 'o', prompt: '?', blocks: [figure('fig:c'), line(see('fig:c'))] },
    ]
    const numbering = numberDocument(documentOf({ lead: inside }))
    expect(['fig:a', 'fig:b', 'fig:c'].map((id) => numbering.target(id).number)).toEqual(['1', '2', '3'])
  })

  it('give works the order of their first citation, captions and cells too, and list no other', () => {
    const cells: Block = { kind: 'table', caption: [cite('c')], columns: [{ title: 'a' }], rows: [[[cite('a')]]] }
    const document = documentOf({
      abstract: [{ kind: 'strong', children: [cite('d')] }],
      sections: [{ title: 'S', blocks: [cells, line(cite('a', 'd'))] }],
      references: ['a', 'b', 'c', 'd'].map(work),
    })
    const { cited, works } = numberDocument(document)
    expect(cited.map(({ number, reference }) => `${number} ${reference.id}`)).toEqual(['1 d', '2 c', '3 a'])
    expect(works(['a', 'd']).map(({ number }) => number)).toEqual([1, 3])
  })

  it('say what is not there, or there twice', () => {
    const errorOf = (given: Partial<ReportDocument>) => () => numberDocument(documentOf(given))
    const lost = errorOf({ lead: [figure('fig:curves'), line(see('fig:curve'))] })
    expect(lost).toThrow(UsageError)
    expect(lost).toThrow('@fig:curve points at nothing: did you mean "fig:curves"?')
    expect(errorOf({ lead: [line(see('fig:a'))] })).toThrow('this document has no ids')
    expect(errorOf({ lead: [line(cite('adm'))], references: [work('adam')] })).toThrow('did you mean "adam"?')
    expect(errorOf({ lead: [figure('fig:a'), figure('fig:a')] })).toThrow(
      '"fig:a" is the id of Figure 1 and of Figure 2',
    )
  })
})
