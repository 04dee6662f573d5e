import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launch } from './browser.ts'
import { trainInNode } from './node.ts'
import { type Served, serve } from './serve.ts'

const executable = findChromium()
/** Milliseconds; a page takes a few seconds on a quiet machine. */
const timeout = 300_000
if (executable === undefined)
  console.warn('skipped: the tests in a page need Chromium (apt-get install chromium, or CHROMIUM=/path/to/it)')

describe.skipIf(executable === undefined)('LeNet-5 in Chromium', () => {
  let browser: Browser
  let node: Awaited<ReturnType<typeof trainInNode>>
  beforeAll(async () => {
    browser = await launch(executable ?? '')
    node = await trainInNode()
  })
  afterAll(() => browser?.close())

  /** Opens the page, presses its button, and waits until it has trained or failed. */
  async function train(served: Served, query = ''): Promise<{ page: Page; requested: readonly string[] }> {
    const page = await browser.newPage()
    const requested: string[] = []
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(`${served.url}/page.html${query}`)
    await page.getByRole('button', { name: 'Train' }).click()
    await page.locator('body:is([data-state=done], [data-state=error])').waitFor({ timeout })
    return { page, requested }
  }
  const textIn = async (page: Page, selector: string): Promise<string> =>
    (await page.locator(selector).textContent()) ?? ''
  const numberIn = async (page: Page, selector: string): Promise<number> =>
    Number.parseFloat(await textIn(page, selector))

  async function expectNodesNumbers(page: Page): Promise<void> {
    expect(await textIn(page, '#state')).toBe('Done.')
    expect(node.loss).toBeLessThan(0.3)
    expect(Math.abs((await numberIn(page, '#loss')) - node.loss)).toBeLessThan(1e-3)
    const cells = await page.locator('#epochs td:nth-child(2)').allTextContents()
    expect(cells).toHaveLength(node.epochs.length)
    for (const [i, { train }] of node.epochs.entries())
      expect(Math.abs(Number(cells[i]) - (train.loss ?? Number.NaN))).toBeLessThan(1e-3)
  }
  /** How often the script of ONNX Runtime's threads was asked for as a worker's: once for each thread but the first. */
  const threadsStarted = ({ requests }: Served): number =>
    requests.filter(({ path, purpose }) => path.endsWith('.mjs') && purpose === 'worker').length

  it('ends at the same loss as in Node, with two threads in an isolated page, which stays alive', {
    timeout,
  }, async () => {
    const served = await serve({ isolated: true })
    const { page, requested } = await train(served, '?threads=2')
    await expectNodesNumbers(page)
    expect(await textIn(page, '#isolated')).toContain('yes')
    expect(threadsStarted(served)).toBe(1)
    // Training on the page's own thread leaves no frame between the first step and the last.
    expect(await numberIn(page, '#frames')).toBeGreaterThan(10)
    // Nothing comes from anywhere else.
    expect(requested.filter((url) => !url.startsWith(served.url) && !url.startsWith('data:'))).toEqual([])
    await page.close()
    await served.close()
  })

  it('does with one thread in a page that is not isolated, and on WebAssembly where there is no GPU', {
    timeout,
  }, async () => {
    const served = await serve({ isolated: false })
    const { page } = await train(served, '?gpu')
    await expectNodesNumbers(page)
    expect(await textIn(page, '#isolated')).toContain('no')
    expect(threadsStarted(served)).toBe(0)
    expect(served.requests.map(({ path }) => path)).toContain('/ort/ort-wasm-simd-threaded.wasm')
    await page.close()
    await served.close()
  })

  it.each([
    [
      '?wasm=/nowhere',
      /\/nowhere\/ort-wasm-simd-threaded\.mjs is not there \(the server answers 404\): serve .*wasmPaths/,
    ],
    ['?wasm=http://127.0.0.1:1/', /127\.0\.0\.1:1\/ort-wasm-simd-threaded\.mjs cannot be fetched/],
    ['?wasm=/as-page/', /comes as text\/html; charset=utf-8, and a browser takes only/],
    ['?threads=2', /threads is 2 and this page may have 1: serve page and scripts with Cross-Origin-Opener-Policy/],
  ])('says what is wrong: %s', { timeout }, async (query, message) => {
    const served = await serve({ isolated: false })
    const { page } = await train(served, query)
    expect(await page.locator('body').getAttribute('data-state')).toBe('error')
    expect(await textIn(page, '#state')).toMatch(message)
    expect(await page.getByRole('button').isEnabled()).toBe(true)
    await page.close()
    await served.close()
  })
})
