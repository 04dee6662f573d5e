import type { WebExecutionProvider } from 'assay/runtime/web'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { samples } from '../../src/testing/samples.ts'
import { findChromium, launch } from './browser.ts'
import type { Finding } from './ops.ts'
import { serve } from './serve.ts'

const executable = findChromium()
const timeout = 300_000

describe.skipIf(executable === undefined)('every op and its gradients, in Chromium', () => {
  /** What the worker found, sample by sample; undefined where the browser has no such provider. */
  async function findings(provider: WebExecutionProvider): Promise<readonly Finding[] | undefined> {
    const served = await serve({ isolated: true, scripts: ['ops.ts'] })
    const browser = await launch(executable ?? '', provider === 'webgpu' ? 'software' : 'none')
    try {
      const page = await browser.newPage()
      await page.goto(`${served.url}/page.html`)
      if (provider === 'webgpu' && !(await hasGpu(page))) return undefined
      return await page.evaluate(
        (asked) =>
          new Promise<Finding[]>((done, fail) => {
            const found: Finding[] = []
            const worker = new Worker('/ops.js', { type: 'module' })
            worker.addEventListener('message', ({ data }) => (data === null ? done(found) : found.push(data)))
            worker.addEventListener('error', ({ message }) => fail(new Error(message)))
            worker.postMessage(asked)
          }),
        provider,
      )
    } finally {
      await browser.close()
      await served.close()
    }
  }
  const hasGpu = (page: Page): Promise<boolean> =>
    page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null)

  function expectClose(found: readonly Finding[], tolerance: number): void {
    expect(found.map(({ sample }) => sample)).toEqual(Object.keys(samples))
    const isFar = (difference: number | string) => typeof difference === 'string' || difference > tolerance
    expect(found.filter(({ differences }) => differences.some(isFar))).toEqual([])
  }

  it('on WebAssembly', { timeout }, async () => {
    expectClose((await findings('wasm')) ?? [], 1e-4)
  })

  it('on WebGPU, in software', { timeout }, async ({ skip }) => {
    const found = await findings('webgpu')
    if (found === undefined) return skip('this Chromium has no WebGPU in software')
    // A GPU's cosine is good to three digits.
    expectClose(found, 1e-3)
  })
})
