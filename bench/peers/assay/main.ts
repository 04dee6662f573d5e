/** Assay's side of the benchmarks. usage: main.ts threads */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { setDefaultRuntime } from '../../../src/runtime/index.ts'
import { nodeRuntime } from '../../../src/runtime/ort/node.ts'
import { serve, threadsAsked } from '../serve.ts'
import { epoch } from './epoch.ts'
import { gemm } from './gemm.ts'
import { inference } from './inference.ts'
import { population, training } from './training.ts'

const threads = threadsAsked()
setDefaultRuntime({ ...nodeRuntime, prepare: (graph, options) => nodeRuntime.prepare(graph, { threads, ...options }) })
const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest))

await serve({
  version,
  threads,
  gemm,
  epoch,
  open: (work, batch, data) => {
    switch (work.task) {
      case 'training':
        return training(work, batch, data)
      case 'inference':
        return inference(work, batch, data)
      case 'population':
        return population(work, batch, data)
    }
  },
})
