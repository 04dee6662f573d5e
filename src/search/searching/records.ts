import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { encodeNumber, jsonNumber } from '../../runs/number.ts'
import { type Value, valueSchema } from '../space/parameter.ts'

const scores = z.record(z.string(), jsonNumber)
const fitSchema = z.strictObject({
  seed: z.int().nonnegative(),
  /** From 0; without cross-validation there is none. */
  fold: z.int().nonnegative().optional(),
  status: z.enum(['finished', 'diverged']),
  /** On the held-out samples, of the weights with which training ended. */
  scores: scores.optional(),
  /** The objective after each epoch that was evaluated: `[epoch, value]`. */
  curve: z.array(z.tuple([z.number(), jsonNumber])),
  /** Why it diverged. */
  error: z.string().optional(),
})
const schema = z.strictObject({
  number: z.int().nonnegative(),
  attempt: z.int().nonnegative(),
  config: valueSchema,
  /** Seconds of work, the trial's share where several were trained together. */
  seconds: z.number(),
  fits: z.array(fitSchema),
})

/** One training of a trial. */
export type FitRecord = z.infer<typeof fitSchema>
/** What came of an attempt at a trial: `trials/000012-0.json`. The study's journal says which attempt counts, and how it ended. */
export interface TrialScores extends z.infer<typeof schema> {
  readonly config: Value
}

const fileOf = (folder: string, number: number, attempt: number): string =>
  join(folder, 'trials', `${String(number).padStart(6, '0')}-${attempt}.json`)

/** Keeps what came of a trial, before it is told. */
export async function writeScores(folder: string, record: TrialScores): Promise<void> {
  await mkdir(join(folder, 'trials'), { recursive: true })
  const text = JSON.stringify(record, (_, value: unknown) => (typeof value === 'number' ? encodeNumber(value) : value))
  await writeFileAtomic(fileOf(folder, record.number, record.attempt), `${text}\n`)
}

/**
 * What came of an attempt at a trial; undefined where nothing did.
 *
 * @throws UsageError where the file is damaged
 */
export async function readScores(
  folder: string,
  { number, attempt }: { readonly number: number; readonly attempt: number },
): Promise<TrialScores | undefined> {
  const path = fileOf(folder, number, attempt)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new UsageError(`${path} is damaged: delete it, the study does without`, { cause: error })
  }
}
