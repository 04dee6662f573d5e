import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { findChromium, launch } from './browser.ts'
import { FOR_BROWSERS, serve } from './serve.ts'

const executable = findChromium()

it.skipIf(executable === undefined)(
  'the worker of the README trains as it stands there',
  async () => {
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
    const [, contents] = /```ts\n(\/\/ worker\.ts\n.*?)```/s.exec(readme) ?? []
    if (contents === undefined) throw new Error('the README has no worker.ts')
    const { outputFiles } = await build({
      ...FOR_BROWSERS,
      stdin: { contents, loader: 'ts', resolveDir: import.meta.dirname },
    })
    const served = await serve({ isolated: false, scripts: [] })
    const browser = await launch(executable ?? '')
    try {
      const page = await browser.newPage()
      await page.route('**/worker.js', (route) =>
        route.fulfill({ body: outputFiles[0]?.text ?? '', contentType: 'text/javascript' }),
      )
      await page.goto(`${served.url}/page.html`)
      const losses = await page.evaluate(
        () =>
          new Promise<number[]>((done, fail) => {
            const heard: number[] = []
            const worker = new Worker('/worker.js', { type: 'module' })
            worker.addEventListener('error', ({ message }) => fail(new Error(message)))
            worker.addEventListener('message', ({ data }) => {
              heard.push(data.loss)
              if (data.epoch === 50) done(heard)
            })
          }),
      )
      expect(losses).toHaveLength(50)
      expect(losses.at(-1)).toBeLessThan(0.01)
    } finally {
      await browser.close()
      await served.close()
    }
  },
  120_000,
)
