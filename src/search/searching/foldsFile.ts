import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { formatRanges, parseRanges } from '../../data/splits/ranges.ts'
import { UsageError } from '../../errors.ts'
import type { Folds } from '../crossValidation/folds.ts'
import { defaultInner } from '../crossValidation/inner.ts'

const schema = z.strictObject({
  /** Of the training data. */
  fingerprint: z.string(),
  samples: z.int().positive(),
  strategy: z.strictObject({ kind: z.string(), config: z.record(z.string(), z.json()) }),
  folds: z
    .array(z.strictObject({ fold: z.int().min(0), repeat: z.int().min(0), train: z.string(), score: z.string() }))
    .min(1),
})

const fileIn = (folder: string): string => join(folder, 'folds.json')

/** Keeps the folds of a study: `folds.json`, numbers of samples as ranges. All workers train on these. */
export async function writeFolds(folder: string, { fingerprint, samples, strategy, folds }: Folds): Promise<void> {
  const text = JSON.stringify(
    {
      ...{ fingerprint, samples, strategy },
      folds: folds.map(({ fold, repeat, train, score }) => {
        return { fold, repeat, train: formatRanges(train), score: formatRanges(score) }
      }),
    },
    null,
    2,
  )
  await writeFileAtomic(fileIn(folder), `${text}\n`)
}

/**
 * The folds of a study; undefined where it has none.
 *
 * @throws UsageError where the file is damaged
 */
export async function readFolds(folder: string): Promise<Folds | undefined> {
  const path = fileIn(folder)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    const { folds, ...rest } = schema.parse(JSON.parse(text))
    return {
      ...rest,
      inner: defaultInner(rest.strategy),
      folds: folds.map((one) => ({ ...one, train: parseRanges(one.train), score: parseRanges(one.score) })),
    }
  } catch (error) {
    throw new UsageError(`${path} is damaged: begin the search anew in another folder, with --studies`, {
      cause: error,
    })
  }
}
