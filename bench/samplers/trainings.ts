import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Configuration, configurations, EPOCHS } from './tuning.ts'

/** Beside the other results; of each part a file, so that what was trained is not trained again. */
export const folder = new URL('../results/samplers/', import.meta.url)

export const fileOf = (part: number): URL => new URL(`trainings-${String(part).padStart(2, '0')}.json`, folder)

const trainingSchema = z.object({
  /** Validation accuracy after each epoch; of a training that diverged, up to there. */
  curve: z.array(z.number()),
  /** Test accuracy after the last epoch. */
  test: z.number().optional(),
})
const partSchema = z.object({
  /** Hash of the part's first experiment: what was trained otherwise is trained again. */
  experiment: z.string(),
  /** In the order of the configurations. */
  trainings: z.array(trainingSchema),
})

export type Training = z.infer<typeof trainingSchema>
export type Part = z.infer<typeof partSchema>

export async function readPart(part: number): Promise<Part | undefined> {
  const text = await readFile(fileOf(part), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : partSchema.parse(JSON.parse(text))
}

/** What came of training each configuration once. */
export interface Table {
  of(configuration: Configuration): Training
  /** Configurations. */
  readonly size: number
  /** Those that came to their end. */
  readonly finished: readonly Training[]
}

export async function readTable(): Promise<Table> {
  const known = new Map<string, Training>()
  for (const [number, part] of configurations().entries()) {
    const trainings = (await readPart(number))?.trainings ?? []
    for (const [i, configuration] of part.entries()) {
      const training = trainings[i]
      if (training !== undefined) known.set(JSON.stringify(configuration), training)
    }
  }
  return {
    of: (configuration) => {
      const training = known.get(JSON.stringify(configuration))
      if (training === undefined) throw new Error(`${JSON.stringify(configuration)} was not trained`)
      return training
    },
    size: known.size,
    finished: [...known.values()].filter(({ curve }) => curve.length === EPOCHS),
  }
}
