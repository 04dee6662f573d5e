import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import type { SplitPredictions } from '../../metrics/index.ts'
import { decodeSafetensors, encodeSafetensors, type SafetensorsTensor } from '../../nn/index.ts'
import { encodeNumber, jsonNumber } from '../../runs/number.ts'
import type { FoldResult, FoldScore } from './foldScore.ts'

/** A {@link FoldScore} as JSON. */
export const foldScoreSchema = z.strictObject({
  repeat: z.int().nonnegative(),
  fold: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  status: z.enum(['finished', 'diverged']),
  scores: z.record(z.string(), jsonNumber),
  epochs: z.number(),
  bestEpoch: z.number().optional(),
  error: z.string().optional(),
})

/** What is JSON but for numbers that are not finite, as text. */
export const numbersAsJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? encodeNumber(part) : part), 2)

/** Keeps one training of a cross-validation, whole or not at all. */
export async function keepFit(folder: string, { predictions, ...score }: FoldResult): Promise<void> {
  const { repeat, fold, seed } = score
  const bytes = encodeSafetensors(predictions === undefined ? {} : tensorsOf(predictions), {
    score: numbersAsJson(score),
    ...(predictions?.task === 'classification' && { classes: String(predictions.classes) }),
  })
  await writeFileAtomic(join(folder, `repeat-${repeat}-fold-${fold}-seed-${seed}.safetensors`), Buffer.from(bytes))
}

/**
 * All that was kept before.
 *
 * @throws UsageError where a file is damaged
 */
export async function readFits(folder: string): Promise<FoldResult[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'))
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      try {
        const { tensors, metadata } = decodeSafetensors(await readFile(path))
        const score = parsedScore(metadata.score)
        const predictions = predictionsOf(tensors, metadata.classes)
        return { ...score, ...(predictions && { predictions }) }
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new UsageError(`${path} is damaged (${reason}): delete it, and that fold is trained again`)
      }
    }),
  )
}

function parsedScore(text = ''): FoldScore {
  const { bestEpoch, error, ...rest } = foldScoreSchema.parse(JSON.parse(text))
  return { ...rest, ...(bestEpoch !== undefined && { bestEpoch }), ...(error !== undefined && { error }) }
}

const numbers = (data: Float32Array): SafetensorsTensor => ({ dtype: 'F32', shape: [data.length], data })

function tensorsOf(predictions: SplitPredictions): Record<string, SafetensorsTensor> {
  if (predictions.task === 'regression') {
    const { outputs, targets, width = 1 } = predictions
    const shape = [targets.length / width, width]
    return { outputs: { ...numbers(outputs), shape }, targets: { ...numbers(targets), shape } }
  }
  const { scores, targets } = predictions
  return { scores: numbers(scores), targets: { dtype: 'I32', shape: [targets.length], data: targets } }
}

function predictionsOf(
  { scores, outputs, targets }: Readonly<Record<string, SafetensorsTensor>>,
  classes: string | undefined,
): SplitPredictions | undefined {
  if (scores?.dtype === 'F32' && targets?.dtype === 'I32')
    return { task: 'classification', scores: scores.data, classes: Number(classes), targets: targets.data }
  if (outputs?.dtype === 'F32' && targets?.dtype === 'F32')
    return { task: 'regression', outputs: outputs.data, targets: targets.data, width: outputs.shape[1] ?? 1 }
  return undefined
}
