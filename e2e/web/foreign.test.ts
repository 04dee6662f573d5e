import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { fill } from '../../src/testing/golden/formula.ts'
import { pathOf, readCases } from '../../src/testing/interchange/interchange.ts'
import { findChromium, launch } from './browser.ts'
import type { Answer, Question } from './foreign.ts'
import { serve } from './serve.ts'

const executable = findChromium()

const ask = (page: Page, question: Question): Promise<Answer> =>
  page.evaluate(
    (asked) =>
      new Promise<Answer>((done, fail) => {
        const worker = new Worker('/foreign.js', { type: 'module' })
        worker.addEventListener('message', ({ data }) => done(data))
        worker.addEventListener('error', ({ message }) => fail(new Error(message)))
        worker.postMessage(asked)
      }),
    question,
  )

describe.skipIf(executable === undefined)('a network that PyTorch exported, in Chromium', () => {
  it('gives PyTorch’s logits, and a file that is none is named so', { timeout: 120_000 }, async () => {
    const [golden] = readCases('torch')
    if (golden === undefined) throw new Error('there is no network of PyTorch’s')
    const { input, logits } = golden
    const samples = [...fill(5 * 144, input.phase, input.scale, input.offset)]
    const served = await serve({ isolated: false, scripts: ['foreign.ts'] })
    const browser = await launch(executable ?? '')
    try {
      const page = await browser.newPage()
      await page.goto(`${served.url}/page.html`)
      for (const name of ['from-torch-any-batch.onnx', 'from-torch-batch-4.onnx']) {
        const found = await ask(page, { file: [...readFileSync(pathOf(name))], samples })
        if ('error' in found) throw new Error(found.error)
        expect(found.shape).toEqual([5, 10])
        logits.flat().forEach((logit, i) => {
          expect(found.data[i]).toBeCloseTo(logit, 5)
        })
      }
      const odd = await ask(page, { file: [1, 2, 3, 4, 5], samples })
      expect(odd).toEqual({ error: expect.stringMatching(/^UsageError: the model is no ONNX file, or it is damaged/) })
    } finally {
      await browser.close()
      await served.close()
    }
  })
})
