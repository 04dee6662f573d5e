/** jax-js's side of the benchmarks. usage: main.ts threads [workers] */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { serve, threadsAsked } from '../serve.ts'

const withWorkers = process.argv[3] === 'workers'
if (withWorkers) await import('./workers.ts')
const { defaultDevice } = await import('@jax-js/jax')
const { inference, training } = await import('./work.ts')
defaultDevice('wasm')

const manifest = new URL('../package.json', import.meta.resolve('@jax-js/jax'))
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(fileURLToPath(manifest), 'utf8')))

await serve({
  version,
  threads: withWorkers ? threadsAsked() : 1,
  open: (work, batch, data) => (work.task === 'inference' ? inference(work, batch, data) : training(work, batch, data)),
})
