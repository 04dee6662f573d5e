import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'

/** Name of the benchmark of samplers and pruners on trainings. */
export const SAMPLERS = 'samplers'

const LOADER = resolve(import.meta.dirname, '../../dist/cli/typescript.js')
const WORKERS = 2

const found = z.object({ best: z.number(), epochs: z.number() })
const repetitionSchema = z.object({ repetition: z.number(), random: found, tpe: found, asha: found })

/** What each way found in one repetition: the best validation accuracy, and the epochs that it trained. */
export type Repetition = z.infer<typeof repetitionSchema>

/** Repeats the searches of `repeat.ts`, in two processes. */
export async function measureSamplers(repetitions: number): Promise<Repetition[]> {
  const share = Math.ceil(repetitions / WORKERS)
  const parts = await Promise.all(
    Array.from({ length: WORKERS }, async (_, i) => {
      const range = [i * share, Math.min(repetitions, (i + 1) * share)].map(String)
      const args = [
        '--conditions',
        'assay-source',
        '--import',
        LOADER,
        join(import.meta.dirname, 'repeat.ts'),
        ...range,
      ]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      return stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
    }),
  )
  return parts.flat().map((line) => repetitionSchema.parse(JSON.parse(line)))
}
