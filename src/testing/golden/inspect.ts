/** What PyTorch finds in the golden networks; `inspect_networks.py` writes it. @module */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { digestSchema } from './formula.ts'

const digests = z.record(z.string(), digestSchema)
const schema = z.strictObject({
  /** By network and weight, of the weight as `[out, rest]`. */
  singularValues: z.record(z.string(), z.record(z.string(), z.array(z.number()))),
  /** By network and weight: mean over two batches of 4 of |w · ∂L/∂w|. */
  saliency: z.record(z.string(), digests),
  /** By `network/layer/row,column`. */
  effective: digests,
  mapped: z.strictObject({ dense: digestSchema, convolution: digestSchema }),
})

/** See the module. */
export const inspectGolden = (): z.infer<typeof schema> =>
  schema.parse(JSON.parse(readFileSync(new URL('inspect.json', import.meta.url), 'utf8')))
