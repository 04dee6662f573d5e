import { expect, it } from 'vitest'
import { factsWith } from '../testing/audit.ts'
import { allFindings, auditedBy } from './audited.ts'
import type { Block, ReportDocument } from './document.ts'

const facts = factsWith([
  { name: 'resNet18', accuracy: [0.991, 0.9905, 0.992] },
  { name: 'leNet5', accuracy: [0.985, 0.9845, 0.9852] },
])
const said = (text: string): Block => ({ kind: 'paragraph', text })
const documentOf = (blocks: readonly Block[], changes: Partial<ReportDocument> = {}): ReportDocument => ({
  ...{ title: 'A comparison', lead: [], sections: [{ title: 'Results', blocks }] },
  ...changes,
})
const checksOf = (document: ReportDocument): string[] => allFindings(document).map(({ check }) => check)

it('hangs findings on the blocks that they are of, inside lists and own words, too', () => {
  const checked = auditedBy(
    documentOf([
      said('All three seeds were trained with Adam.'),
      { kind: 'list', ordered: false, items: [[said('LeNet5 beats ResNet18.')]] },
      { kind: 'own', id: 'discussion', prompt: 'Why?', blocks: [said('It has 571 parameters.')] },
    ]),
    facts,
  )
  const [blocks = []] = checked.sections.map((section) => section.blocks)
  expect(blocks[0]).not.toHaveProperty('findings')
  expect(blocks[1]).toMatchObject({ items: [[{ findings: [{ check: 'wrong-order', severity: 'error' }] }]] })
  expect(blocks[2]).toMatchObject({ blocks: [{ findings: [{ check: 'literal-number' }] }] })
})

it('hangs what is wrong with the abstract on the document', () => {
  const checked = auditedBy(documentOf([], { abstract: 'We trained with RMSProp.' }), facts)
  expect(checked.findings).toMatchObject([{ check: 'wrong-name', severity: 'error' }])
})

it('reads typed tables and captions, and not what references made', () => {
  const table = { kind: 'table', caption: 'Scores.', columns: [{ title: 'model' }], rows: [['61.23 %']] } as const
  expect(checksOf(auditedBy(documentOf([table]), facts))).toEqual(['literal-number'])
  expect(checksOf(auditedBy(documentOf([{ ...table, origin: "table('x')" }]), facts))).toEqual([])
})

it('knows what references show elsewhere in the document', () => {
  const value = { kind: 'value', text: '61.23%', expression: "study('s').best.value", source: 's' } as const
  const blocks = (first: Block) => documentOf([first, said('So 61.2 % of them are right, over three seeds.')])
  expect(checksOf(auditedBy(blocks({ kind: 'paragraph', text: [value] }), facts))).toEqual([])
  expect(checksOf(auditedBy(blocks(said('Nothing.')), facts))).toEqual(['literal-number'])
})

it('finds figures that are not mentioned, and mentions', () => {
  const figure = { kind: 'figure', id: 'fig:a', picture: { svg: '<svg/>', alt: '' }, caption: '' } as const
  const mention: Block = { kind: 'paragraph', text: [{ kind: 'crossReference', target: 'fig:a' }] }
  expect(checksOf(auditedBy(documentOf([figure]), facts))).toEqual(['unreferenced-figure'])
  expect(checksOf(auditedBy(documentOf([mention, figure]), facts))).toEqual([])
})

it('misses own words in a final version alone', () => {
  const blocks: Block[] = [{ kind: 'own', id: 'goals', prompt: 'What?', blocks: [] }]
  expect(checksOf(auditedBy(documentOf(blocks), facts))).toEqual(['empty-own-words'])
  expect(checksOf(auditedBy(documentOf(blocks, { isDraft: true }), facts))).toEqual([])
})

it('leaves a document with nothing against it as it is', () => {
  const document = documentOf([said('ResNet18 beats LeNet5 over three seeds.')])
  expect(auditedBy(document, facts)).toEqual(document)
})
