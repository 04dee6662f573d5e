import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { Block, ReportDocument } from '../document.ts'
import { toPdf } from '../index.ts'
import { writeReport } from '../writeReport.ts'
import { pictureSize } from './pictureSize.ts'

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><text x="9" y="40" font-family="Helvetica, Arial, sans-serif">loss</text></svg>'
const png = await sharp({ create: { width: 28, height: 14, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const date = new Date('2026-11-21T10:00:00Z')

/** Whatever a name may contain, and every kind of block. */
const blocks: readonly Block[] = [
  {
    kind: 'paragraph',
    text: 'A #hash, $dollar$, *star*, [bracket], "quote", back\\slash, <tag>, @at and ünïcode − α.',
  },
  { kind: 'notice', tone: 'warning', text: 'Mind this.' },
  { kind: 'headline', value: '99.1%', label: 'test accuracy', detail: 'one seed' },
  {
    kind: 'table',
    caption: 'Scores',
    columns: [{ title: 'model' }, { title: 'accuracy', kind: 'number' }],
    rows: [['#1 *best*', '0.991']],
  },
  { kind: 'facts', caption: 'Machine', facts: [['processor', 'two cores']] },
  { kind: 'figure', picture: { svg, alt: 'a loss' }, caption: 'The loss' },
  { kind: 'gallery', items: [{ picture: { png, alt: 'a digit' }, lines: ['is 3', 'was 5'] }], caption: 'Digits' },
  { kind: 'links', caption: 'See', items: [{ text: 'run', detail: 'its own page', href: 'runs/a/report.html' }] },
  { kind: 'code', text: 'assay run a.ts' },
]
const documentOf = (count: number): ReportDocument => ({
  title: 'Rates & “more” #1',
  subtitle: 'Four cells',
  lead: blocks,
  sections: Array.from({ length: count }, (_, i) => ({ title: `Part ${i + 1}`, blocks })),
})

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

describe('a document as PDF', () => {
  it('has all kinds of blocks, is tagged, has its fonts inside, and is the same each time', async () => {
    const first = await toPdf(documentOf(1), { date })
    const text = Buffer.from(first.bytes).toString('latin1')
    expect(text.slice(0, 5)).toBe('%PDF-')
    expect(text).toContain('/MarkInfo')
    expect(text).toContain('Arimo')
    expect(first.pages).toBeGreaterThan(0)
    expect(first.places.map(({ title }) => title)).toEqual([
      ...['Scores', 'Machine', 'The loss', 'Digits'],
      ...['Part 1', 'Scores', 'Machine', 'The loss', 'Digits'],
    ])
    const again = await toPdf(documentOf(1), { date })
    expect(Buffer.compare(Buffer.from(first.bytes), Buffer.from(again.bytes))).toBe(0)
  })

  it.each([1, 2] as const)('tells on which page things are, in %i columns', async (columns) => {
    const { pages, places } = await toPdf(documentOf(6), { date, columns })
    const found = places.filter(({ title }) => title.startsWith('Part')).map(({ page }) => page)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
    expect(found.at(-1)).toBeGreaterThan(1)
    expect(Math.max(...places.map(({ page }) => page))).toBeLessThanOrEqual(pages)
  })
})

describe('writeReport', () => {
  it('writes both formats, and says what is beyond the last page that may be', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-report-'))
    folders.push(folder)
    await writeReport(folder, documentOf(1), date, { pdf: { mostPages: 5 } })
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('Part 1')
    const small = (await readFile(join(folder, 'report.pdf'))).length
    const tooLong = writeReport(folder, documentOf(8), date, { pdf: { mostPages: 2 } })
    await expect(tooLong).rejects.toThrow(UsageError)
    await expect(tooLong).rejects.toThrow(
      /the PDF has \d+ pages and may have 2: beyond page 2 is .*"Part \d" on page 3/,
    )
    expect((await readFile(join(folder, 'report.pdf'))).length).toBeGreaterThan(small)
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('Part 8')
  })
})

it('pictures say how large they are, or it is said that they do not', () => {
  expect(pictureSize({ svg, alt: 'a' })).toEqual({ width: 300, height: 120 })
  expect(pictureSize({ png, alt: 'a' })).toEqual({ width: 28, height: 14 })
  expect(pictureSize({ png, alt: 'a', width: 56 })).toEqual({ width: 56, height: 28 })
  expect(() => pictureSize({ svg: '<svg viewBox="0 0 1 1"/>', alt: 'curves' })).toThrow(UsageError)
})
