import sharp from 'sharp'
import { afterEach, expect, it, vi } from 'vitest'
import { confusionMatrixFigure } from '../figures/index.ts'
import { bundleOf, type Part } from './bundle.ts'
import { display, updated } from './display.ts'
import { waitForSending } from './kernel.ts'
import './register.ts'

afterEach(() => vi.unstubAllGlobals())

const figure = confusionMatrixFigure(
  [
    [3, 1],
    [0, 4],
  ],
  ['cat', 'dog'],
)
const table: Part = {
  kind: 'table',
  caption: 'Scores',
  columns: [{ title: 'name' }, { title: 'value', kind: 'number' }],
  rows: [['a < b', '1.5']],
}

/** What is sent to a kernel that is not there. */
function kernelStub() {
  const sent: { readonly type: string; readonly content: Record<string, unknown> }[] = []
  vi.stubGlobal('Deno', {
    jupyter: { broadcast: (type: string, content: Record<string, unknown>) => sent.push({ type, content }) },
  })
  return sent
}

it('a figure is Vega-Lite 5, PNG and words', async () => {
  const bundle = await bundleOf([figure])
  expect(Object.keys(bundle).sort()).toEqual(['application/vnd.vegalite.v5+json', 'image/png', 'text/plain'])
  expect(bundle['text/plain']).toBe(figure.alt)
  expect(bundle['application/vnd.vegalite.v5+json']).toEqual({
    ...figure.spec,
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  })
  const png = await sharp(Buffer.from(String(bundle['image/png']), 'base64')).metadata()
  expect(png).toMatchObject({ format: 'png' })
  expect(png.width).toBeGreaterThan(200)
})

it('a figure of very many numbers is a picture and words', async () => {
  const values = Array.from({ length: 20_000 }, (_, place) => ({ place, value: place % 7 }))
  const { spec } = figure
  const large = { ...figure, spec: { ...spec, datasets: { all: values } } }
  expect(Object.keys(await bundleOf([large])).sort()).toEqual(['image/png', 'text/plain'])
})

it('words and tables that follow each other are one output, escaped', async () => {
  const bundle = await bundleOf(['x > 1', table])
  expect(bundle['text/plain']).toBe('x > 1\n\nScores\nname   value\na < b    1.5')
  expect(bundle['text/html']).toContain('<p>x &gt; 1</p>\n<table>')
  expect(bundle['text/html']).toContain('>a &lt; b</th><td style="text-align:right">1.5</td>')
  expect(await bundleOf(['only words'])).toEqual({ 'text/plain': 'only words' })
  expect(await bundleOf([])).toEqual({ 'text/plain': '' })
})

it('several parts are one output where there is no kernel', async () => {
  const bundle = await bundleOf([table, figure, 'after'])
  expect(bundle['text/plain']).toContain(figure.alt)
  expect(bundle['text/html']).toMatch(
    /<\/table>\n<img alt="[^"]+" src="data:image\/png;base64,[^"]+">\n<pre>after<\/pre>$/,
  )
})

it('in a notebook parts are outputs of their own, and the last is waited for when the kernel has read it', async () => {
  const sent = kernelStub()
  const bundle = await bundleOf([table, figure])
  expect(sent).toMatchObject([
    { type: 'display_data', content: { data: { 'text/plain': expect.stringContaining('Scores') } } },
  ])
  const began = performance.now()
  expect(JSON.parse(JSON.stringify(bundle))['text/plain']).toBe(figure.alt)
  await Promise.resolve()
  expect(performance.now() - began).toBeGreaterThan(25)
})

it('display shows values in the midst of a cell, and prints them elsewhere', async () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  await display(figure, 'words', { a: 1 })
  expect(printed.mock.calls.flat()).toEqual([figure.alt, 'words', '{ a: 1 }'])
  printed.mockRestore()
  const sent = kernelStub()
  await display(figure, 'words')
  expect(sent.map(({ type }) => type)).toEqual(['display_data', 'display_data'])
  expect(sent[0]?.content).toMatchObject({ data: { 'image/png': expect.any(String) } })
  expect(sent[1]?.content).toMatchObject({ data: { 'text/plain': 'words' } })
})

it('an output that changes keeps its name', () => {
  expect(updated()).toBeUndefined()
  const sent = kernelStub()
  const output = updated()
  output?.show({ 'text/plain': 'one' })
  output?.show({ 'text/plain': 'two' })
  output?.end({ 'text/plain': 'three' })
  expect(sent.map(({ type }) => type)).toEqual(['display_data', 'update_display_data', 'update_display_data'])
  const names = sent.map(({ content }) => JSON.stringify(content.transient))
  expect(new Set(names).size).toBe(1)
  expect(names[0]).toMatch(/display_id/)
  expect(waitForSending).not.toThrow()
})
