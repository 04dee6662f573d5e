import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { decodeSafetensors } from '../../nn/index.ts'
import type { Manifest } from '../../runs/index.ts'
import { value } from '../format.ts'

const experimentSchema = z.object({
  monitor: z.string().optional(),
  averaging: z.object({ kind: z.string() }).optional(),
  earlyStopping: z.object({ restoreBest: z.boolean() }).optional(),
})
const bestSchema = z.object({ epoch: z.coerce.number(), step: z.coerce.number(), value: z.coerce.number() })

/** In words, which weights a run was tested with, where that is not those of its last step. */
export async function testedWeights(
  folder: string,
  { experiment, data, status }: Manifest,
): Promise<string | undefined> {
  const parsed = experimentSchema.safeParse(experiment)
  if (!parsed.success || status !== 'finished') return undefined
  const { averaging, earlyStopping, monitor } = parsed.data
  const bytes =
    earlyStopping?.restoreBest === true
      ? await readFile(join(folder, 'checkpoints', 'best.safetensors')).catch(() => undefined)
      : undefined
  const best = bestSchema.safeParse(bytes && decodeSafetensors(bytes).metadata)
  if (best.success) {
    const watched = monitor ?? `${data.splits.validation > 0 ? 'validation' : 'train'}.loss`
    const [{ epoch, step, value: reached }, averages] = [
      best.data,
      averaging ? `, averaged along the training (${averaging.kind})` : '',
    ]
    return `Tested with the weights of epoch ${value(epoch)} (step ${step})${averages}: the best by ${watched.replace('.', ' ')} (${value(reached)}), not those of the last step.`
  }
  return averaging && `Tested with weights averaged along the training (${averaging.kind}), not those of the last step.`
}
