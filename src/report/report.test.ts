import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { INK, PALETTE } from '../figures/figure.ts'
import { confusionMatrixFigure, imageGridPng, toSvg } from '../figures/index.ts'
import { createRun, type Manifest, type NewManifest } from '../runs/index.ts'
import { manifestOf } from '../testing/manifest.ts'
import { type RunReportContent, renderHtml, renderRunReport, writeRunReport } from './index.ts'
import { readable, tableOf } from './readable.ts'

const base = manifestOf('mnist <convnet>', 7)
const started: NewManifest = {
  ...base,
  experiment: { batchSize: 64, optimizer: { kind: 'adam', lr: 1e-3 } },
  code: { commit: '0123456789abcdef', dirty: 'ab'.repeat(32), file: 'examples/mnist.ts' },
  data: { ...base.data, classes: ['cat', 'dog'] },
}
const manifest: Manifest = {
  ...started,
  version: 1,
  id: 'mnist-s7',
  status: 'finished',
  pid: 1,
  createdAt: '2026-11-21T10:15:02.000Z',
  finishedAt: '2026-11-21T10:18:22.000Z',
}
const content: RunReportContent = { manifest, records: [], summary: {}, figures: {} }
const png = await imageGridPng([{ data: new Uint8Array(4), shape: [1, 2, 2] }])

describe('renderRunReport', () => {
  it('states the result with its interval, what went in, and how to repeat it', () => {
    const html = renderRunReport({
      ...content,
      testAccuracy: { value: 0.9912, low: 0.9892, high: 0.9929, n: 10_000 },
      summary: { train: { loss: { goal: 'min', best: 0.01, bestEpoch: 2, last: Number.NaN, lastEpoch: 3 } } },
    })
    for (const text of [
      '99.12%',
      '98.92% to 99.29%',
      '10,000 examples',
      'one seed (7)',
      'took 3 min 20 s',
      'adam(lr: 0.001)',
      '16 × 28 × 28',
      '84,097 parameters',
      'npx assay run examples/mnist.ts',
      'changes that commit 0123456 lacks',
      '<td class="number">NaN</td>',
    ]) {
      expect(html).toContain(text)
    }
    expect(html).toContain('<h1>mnist &lt;convnet&gt;</h1>')
  })

  it('warns when the run did not finish, and when the loss stayed at chance', () => {
    const failed = renderRunReport({ ...content, manifest: { ...manifest, status: 'failed', error: 'no memory' } })
    expect(failed).toContain('This run failed: what follows is what it has left so far. Why: no memory')
    const loss = (last: number) => ({
      train: { loss: { goal: 'min' as const, best: 1, bestEpoch: 1, last, lastEpoch: 1 } },
    })
    const told = (last: number) =>
      renderRunReport({ ...content, summary: loss(last), lossAtChance: Math.log(10) }).includes(
        'learnt next to nothing',
      )
    expect([2.3, Number.NaN, 0.1].map(told)).toEqual([true, true, false])
  })

  it('exchanges every ink of figures in the dark', async () => {
    const html = renderRunReport(content)
    const dark = html.slice(html.indexOf('prefers-color-scheme: dark'))
    for (const ink of [INK.text, INK.strong, INK.line, INK.grid, PALETTE.black])
      expect(dark).toContain(`.card svg [fill="${ink}"] { fill: `)
    const svg = await toSvg(
      confusionMatrixFigure(
        [
          [5, 1],
          [4, 2],
        ],
        ['cat', 'dog'],
      ).spec,
    )
    expect(svg).toMatch(new RegExp(`fill="${INK.text}"[^>]*>cat<`))
    // What is written on a coloured cell stays as dark as the cell is light.
    expect(svg).toMatch(/fill="black"[^>]*>1</)
    expect(svg).toMatch(new RegExp(`^<svg[^>]*><rect[^>]*fill="${INK.paper}"`))
  })

  it('is one file that asks for nothing, with headings in order and words for every picture', () => {
    const html = renderRunReport({
      ...content,
      figures: { curves: { svg: '<svg><clipPath id="c"/><g clip-path="url(#c)"/></svg>', alt: 'Curves "so"' } },
      filters: { png, layer: '0', range: [-0.5, 0.5], shown: 2, total: 4 },
      mistakes: [{ png, label: 'cat', predicted: 'dog', confidence: 0.98, margin: 0.97, entropy: 0.1, index: 17 }],
    })
    expect(html).not.toMatch(/(src|href)="(?!data:)|@import|<script|<link/)
    expect(html.match(/<h[1-6]/g)).toEqual(['<h1', ...Array(8).fill('<h2')])
    for (const tag of html.match(/<img[^>]*>/g) ?? []) expect(tag).toMatch(/alt="[^"]+"/)
    expect(html).toContain('<svg role="img" aria-label="Curves &quot;so&quot;">')
    const id = /clipPath id="([0-9a-f]{8}-c)"/.exec(html)?.[1]
    expect(html).toContain(`url(#${id})`)
    expect(html).toContain('cat, taken for dog')
    expect(html).toContain('The first 2 of 4 filters of layer 0. ')
    expect(html.match(/<th>/)).toBeNull()
  })
})

describe('writeRunReport', () => {
  it('reads the run, saves its figures and writes the page', async () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-report-'))
    const run = await createRun(root, started)
    for (const epoch of [1, 2]) {
      run.log([{ step: epoch, epoch, split: 'train', name: 'loss', value: 1 / epoch, time: epoch }])
    }
    await run.finish('finished')
    const path = await writeRunReport(run.folder, {
      confusion: [
        [8, 2],
        [1, 9],
      ],
      perClass: [{ name: 'cat', precision: 8 / 9, recall: 0.8, f1: 16 / 19, support: 10 }],
    })
    const html = readFileSync(path, 'utf8')
    for (const text of ['train loss', 'cat taken for dog (2 times)', '0.8889', '0.8421']) expect(html).toContain(text)
    expect(readdirSync(join(run.folder, 'figures'))).toHaveLength(6)
    await expect(writeRunReport(run.folder, { confusion: [[1]] })).rejects.toThrow('class names')
    rmSync(root, { recursive: true })
  })

  it('saves the pictures of images with their numbers, and shows them', async () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-report-'))
    const run = await createRun(root, started)
    await run.finish('finished')
    const [words, rows] = [{ alt: 'Digits.', caption: 'What came out.' }, [{ image: 0, z1: 0.5 }]]
    const pictures = [
      { name: 'generated-images', png, ...words, rows },
      { name: 'reconstructions', svg: '<svg/>', ...words, rows },
    ]
    const path = await writeRunReport(run.folder, { images: [{ title: 'Generated images', pictures }] })
    const html = readFileSync(path, 'utf8')
    for (const text of ['Generated images</h2>', 'alt="Digits."', 'aria-label="Digits."', 'What came out.'])
      expect(html).toContain(text)
    const figure = (name: string) => readFileSync(join(run.folder, 'figures', name))
    expect(new Uint8Array(figure('generated-images.png'))).toEqual(png)
    expect(figure('reconstructions.svg').toString()).toBe('<svg/>')
    expect(figure('generated-images.csv').toString()).toBe('image,z1\n0,0.5\n')
    rmSync(root, { recursive: true })
  })

  it('reports on a run that died before its first epoch', async () => {
    const root = mkdtempSync(join(tmpdir(), 'assay-report-'))
    const run = await createRun(root, started)
    await run.finish('failed', 'out of memory')
    expect(readFileSync(await writeRunReport(run.folder), 'utf8')).toContain('out of memory')
    rmSync(root, { recursive: true })
  })
})

describe('renderHtml', () => {
  it('escapes all text', () => {
    const text = `<script>"&'`
    const html = renderHtml({
      title: text,
      lead: [{ kind: 'paragraph', text }],
      sections: [
        {
          title: text,
          blocks: [
            { kind: 'code', text },
            { kind: 'facts', caption: text, facts: [[text, text]] },
          ],
        },
      ],
    })
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;&quot;&amp;&#39;')
  })
})

describe('readable', () => {
  it.each([
    [{ kind: 'adam', lr: 0.0001, betas: [0.9, 0.999] }, 'adam(lr: 0.0001, betas: 0.9, 0.999)'],
    [{ validation: 10_000, stratify: true }, 'validation: 10000, stratify: yes'],
    [[], 'none'],
    [null, 'none'],
  ])('writes %j as %s', (json, text) => expect(readable(json)).toBe(text))

  it('makes a table of rows with different keys', () => {
    expect(
      tableOf([
        { name: 'a', outputShape: [2, 3] },
        { name: 'b', parameters: 1234 },
      ]),
    ).toEqual({
      columns: [{ title: 'name' }, { title: 'output shape' }, { title: 'parameters', kind: 'number' }],
      rows: [
        ['a', '2 × 3', ''],
        ['b', '', '1,234'],
      ],
    })
  })
})
