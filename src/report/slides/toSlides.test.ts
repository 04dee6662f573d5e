import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Block, Inline, ReportDocument } from '../document.ts'
import { toSlides } from './toSlides.ts'
import { toSlidesPdf } from './toSlidesPdf.ts'

const svg = (height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="${height}"><text y="20" font-family="Arial" font-size="10">loss</text></svg>`
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const t = (text: string): Inline => ({ kind: 'text', text })
const p = (text: string): Block => ({ kind: 'paragraph', text })
const blocks: readonly Block[] = [
  {
    kind: 'paragraph',
    text: [
      t('We minimise <b> '),
      { kind: 'crossReference', target: 'eq:ce' },
      t(' & see '),
      { kind: 'crossReference', target: 'fig:hidden' },
      t(' '),
      { kind: 'citation', keys: ['a'] },
      t('. It gave '),
      { kind: 'value', text: '98 %', expression: 'run("a").test', source: 'run a' },
      t('.'),
    ],
  },
  { kind: 'equation', id: 'eq:ce', tex: 'L = -\\sum_i \\log p_i' },
  { kind: 'list', ordered: true, items: [[p('first')], [p('second'), { ...figureOf(100), id: 'fig:hidden' }]] },
  { kind: 'notes', blocks: [p('Breathe.')] },
  { kind: 'notice', tone: 'warning', text: 'Careful.' },
  { kind: 'headline', value: '98 %', label: 'accuracy', detail: 'three seeds' },
  { kind: 'heading', level: 2, title: 'Under it' },
  figureOf(2000),
  { kind: 'heading', level: 1, title: 'Tables' },
  {
    kind: 'table',
    caption: 'Scores. All of them.',
    columns: [{ title: 'a' }, { title: 'b', kind: 'number' }],
    rows: Array.from({ length: 30 }, (_, i) => [`row ${i}`, 'word '.repeat(i)]),
  },
  { kind: 'facts', caption: 'Machine', facts: Array.from({ length: 12 }, (_, i) => [`fact ${i}`, 'x']) },
  {
    kind: 'gallery',
    caption: 'Digits',
    items: Array.from({ length: 14 }, () => ({ picture: { png, alt: 'a digit' }, lines: ['is 3'] })),
  },
  { kind: 'code', text: 'const a = 1\n'.repeat(30) },
]

function figureOf(height: number): Extract<Block, { kind: 'figure' }> {
  return { kind: 'figure', picture: { svg: svg(height), alt: 'the loss' }, caption: 'The loss.' }
}

const document: ReportDocument = {
  title: 'Rates & “more”',
  subtitle: 'Four cells',
  authors: [{ name: 'Ada', affiliation: 'Assay', email: 'a@example.org', id: '1' }, { name: 'Emmy' }],
  abstract: 'In short.',
  lead: [p('We ask.')],
  sections: [{ title: 'Method', blocks }],
  appendix: [{ title: 'More', blocks: [p('Words.')] }],
  references: [{ id: 'a', type: 'book', title: 'A', author: [{ family: 'Ada' }] }],
}

describe('slides as PDF', () => {
  it('are tagged pages of 16 to 9, the same each time; notes have pages where they are asked for', async () => {
    const date = new Date('2026-11-21T10:00:00Z')
    const { bytes, pages, warnings } = await toSlidesPdf(document, { date })
    expect(pages).toBe(12)
    const text = Buffer.from(bytes).toString('latin1')
    expect(text).toContain('/MarkInfo')
    expect(text).toContain('/MediaBox [0 0 960 540]')
    expect(warnings).toHaveLength(1)
    const again = await toSlidesPdf(document, { date })
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(again.bytes))).toBe(0)
    expect((await toSlidesPdf(document, { date, notes: true })).pages).toBeGreaterThan(pages)
  })
})

const chromiumPath = '/usr/bin/chromium'
describe.skipIf(!existsSync(chromiumPath))('slides in a browser', () => {
  let context: BrowserContext
  let folder = ''
  let url = ''
  const asked: string[] = []
  const wrong: string[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-slides-'))
    const file = join(folder, 'slides.html')
    url = pathToFileURL(file).href
    await writeFile(file, await toSlides(document))
    const browser = await chromium.launch({ executablePath: chromiumPath })
    context = await browser.newContext({ reducedMotion: 'reduce' })
    context.on('request', (request) => asked.push(request.url().split(/[?#]/)[0] ?? ''))
    context.on('console', (message) => wrong.push(message.text()))
    context.on('weberror', (error) => wrong.push(error.error().message))
  })
  afterAll(async () => {
    await context?.browser()?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('are all inside one file, fit, and have their notes in the speaker’s view', async () => {
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('.reveal.ready').waitFor()
    const overflowing = async (): Promise<string[]> =>
      page
        .locator('.slides > section:not([hidden]) .body')
        .evaluateAll((bodies) =>
          bodies
            .filter((body) => body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1)
            .map((body) => body.parentElement?.textContent?.trim().slice(0, 40) ?? ''),
        )
    const titles: string[] = []
    for (let i = 0; i < 12; i += 1) {
      expect(await overflowing()).toEqual([])
      titles.push((await page.locator('section.present :is(h1, h2)').textContent()) ?? '')
      if (i < 11) await page.keyboard.press('ArrowRight')
    }
    expect(titles).toEqual([
      ...['Rates & “more”', 'At a glance', 'Method', 'Method'],
      ...['Method', 'Tables', 'Tables', 'Tables', 'Tables', 'Tables', 'References', 'More'],
    ])
    await page.goto(`${url}#/eq:ce`)
    const [speaker] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('s')])
    await speaker.getByText('Breathe.').waitFor()
    expect(await speaker.locator('.speaker-controls-notes .value').textContent()).toContain('It gave 98 %.')
    expect(new Set(asked)).toEqual(new Set([url]))
    expect(wrong).toEqual([])
  })

  it('are pages of paper, one each', async () => {
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('.reveal.ready').waitFor()
    const printed = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(printed.match(/\/Type \/Page\b/g)).toHaveLength(12)
  })
})
