import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { sha256 } from '../../data/sha256.ts'
import { formatRanges } from '../../data/splits/ranges.ts'
import { codeState, machineState, versionState } from '../../runs/index.ts'
import { releaseLock, takeLock } from '../../runs/lock.ts'
import { writeParquet } from '../../runs/parquet.ts'
import { predictionColumns } from '../../runs/predictions.ts'
import { rowsOf } from '../../runs/results.ts'
import { slug } from '../../runs/store.ts'
import { describe, type Experiment, type Json, type Scores } from '../../train/index.ts'
import type { CrossValidation } from './crossValidate.ts'
import type { FoldPlace, FoldResult } from './foldScore.ts'
import { type Described, type MaterializedFolds, plainStrategy } from './folds.ts'
import { keepFit, numbersAsJson, readFits } from './keptFits.ts'
import type { OutOfFold } from './outOfFold.ts'

/** What of `cv.json` says whether there is something to go on with. */
const headSchema = z.object({ version: z.literal(1), hash: z.string(), status: z.enum(['running', 'finished']) })

/** What is cross-validated, and by what. */
export interface Asked {
  readonly experiment: Experiment
  readonly folds: MaterializedFolds
  readonly seeds: readonly number[]
  /** The experiment's file. */
  readonly file?: string
  /** What differs from it, as `--set` has it. */
  readonly settings?: readonly (readonly [path: string, value: Json])[]
}

/** The run of what was refitted, and its one look at the test split. */
export interface RefitRecord {
  readonly run: string
  readonly how: string
  readonly test: Scores
}

/**
 * Where a cross-validation is kept:
 *
 * ```
 * cv/<name>-<time>/  cv.json  folds.json  fits/*.safetensors, and in their place at the end  oof.parquet
 * ```
 *
 * Every file appears whole or not at all.
 */
export interface CrossValidationFolder {
  /** Absolute path. */
  readonly folder: string
  /** Trainings that were done before. */
  readonly done: number
  known(place: FoldPlace): FoldResult | undefined
  /** Keeps a training that is done. */
  keep(result: FoldResult): Promise<void>
  /** Writes what it all came to, and gives it back as it is in `cv.json`. */
  finish(cv: CrossValidation, refit?: RefitRecord): Promise<unknown>
  /** Lets other processes have the folder. */
  close(): void
}

/**
 * Makes a folder for a cross-validation, or goes on with the last one under `root` that was begun with the same experiment, folds, seeds and
 * data and not finished.
 *
 * @throws UsageError where another process works in that folder, or it is damaged
 */
export async function openFolder(root: string, asked: Asked): Promise<CrossValidationFolder> {
  const { experiment, seeds } = asked
  const begun = await begunIn(root, slug(experiment.name), hashOf(asked))
  const folder = begun ?? (await makeFolder(root, asked))
  if (begun !== undefined) takeLock(folder)
  try {
    const fits = join(folder, 'fits')
    const before = await readFits(fits)
    const start: unknown = JSON.parse(await readFile(join(folder, 'cv.json'), 'utf8'))
    return {
      folder,
      done: before.length,
      known: ({ repeat, fold, seed }) =>
        before.find((one) => one.repeat === repeat && one.fold === fold && one.seed === seed),
      keep: (result) => keepFit(fits, result),
      finish: async (cv, refit) => {
        if (cv.outOfFold.length > 0) await writeOutOfFold(join(folder, 'oof.parquet'), cv.outOfFold)
        const { scores, pooled, results } = cv
        const record = {
          ...(typeof start === 'object' ? start : {}),
          ...{ status: 'finished', finishedAt: new Date().toISOString(), seeds, scores, pooled },
          results: results.map(({ predictions: _, ...score }) => score),
          ...(refit && { refit }),
        }
        const text = numbersAsJson(record)
        await writeFileAtomic(join(folder, 'cv.json'), `${text}\n`)
        await rm(fits, { recursive: true })
        return JSON.parse(text)
      },
      close: () => releaseLock(folder),
    }
  } catch (error) {
    releaseLock(folder)
    throw error
  }
}

/** SHA-256 of what the numbers depend on. */
function hashOf({ experiment, folds: { division }, seeds }: Asked): string {
  const { seeds: _, ...rest } = describe(experiment)
  const { fingerprint, strategy, inner } = division
  return sha256(JSON.stringify([rest, seeds, fingerprint, plainStrategy(strategy), plainStrategy(inner)]))
}

async function begunIn(root: string, name: string, hash: string): Promise<string | undefined> {
  const entries = await readdir(root).catch((): string[] => [])
  for (const entry of entries
    .filter((one) => one.startsWith(`${name}-`))
    .toSorted()
    .toReversed()) {
    const text = await readFile(join(root, entry, 'cv.json'), 'utf8').catch(() => undefined)
    const head = text === undefined ? undefined : headSchema.safeParse(parsed(text)).data
    if (head?.hash === hash && head.status === 'running') return resolve(root, entry)
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Made under a hidden name and renamed into place, so that none is half made. */
async function makeFolder(root: string, asked: Asked): Promise<string> {
  const { experiment, folds, seeds, file, settings = [] } = asked
  const { division } = folds
  const now = new Date()
  const [date = '', time = ''] = now.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T')
  const id = `${slug(experiment.name)}-${date}-${time}-${randomBytes(2).toString('hex')}`
  const hidden = join(root, `.new-${id}`)
  await mkdir(join(hidden, 'fits'), { recursive: true })
  try {
    const described = { strategy: plain(division.strategy), inner: plain(division.inner) }
    const record = {
      ...{ version: 1, name: experiment.name, status: 'running', hash: hashOf(asked), createdAt: now.toISOString() },
      ...{ code: await codeState(file), versions: await versionState(), machine: machineState() },
      ...(settings.length > 0 && { settings }),
      experiment: describe(experiment),
      data: { fingerprint: division.fingerprint, samples: division.samples },
      ...described,
      seeds,
    }
    await writeFileAtomic(join(hidden, 'cv.json'), `${numbersAsJson(record)}\n`)
    await writeFileAtomic(join(hidden, 'folds.json'), await foldsText(asked))
    takeLock(hidden)
    await rename(hidden, resolve(root, id))
    return resolve(root, id)
  } catch (error) {
    await rm(hidden, { recursive: true, force: true })
    throw error
  }
}

const plain = (strategy: Described): Json => ({ ...plainStrategy(strategy) })

/** Which samples each fold trained on, watched, and was scored on, as ascending numbers and ranges: `"0-2 7"`. */
async function foldsText({ experiment, folds }: Asked): Promise<string> {
  const { fingerprint, samples, folds: all } = folds.division
  const prepared = await folds.prepare(experiment)
  const rows = all.map(({ repeat, fold, score }, i) => ({
    ...{ repeat, fold },
    train: formatRanges(prepared[i]?.train.indices ?? new Uint32Array()),
    validation: formatRanges(prepared[i]?.validation.indices ?? new Uint32Array()),
    score: formatRanges(score),
  }))
  return `${JSON.stringify({ fingerprint, samples, folds: rows }, null, 2)}\n`
}

/** One table: `repeat`, `seed`, `fold`, and the columns of predictions, `index` being the training data's sample. */
async function writeOutOfFold(path: string, all: readonly OutOfFold[]): Promise<void> {
  const tables = all.map(({ repeat, seed, folds, samples, predictions }) => {
    const same = (value: number): Int32Array => new Int32Array(samples.length).fill(value)
    return [
      { name: 'repeat', values: same(repeat) },
      { name: 'seed', values: same(seed) },
      { name: 'fold', values: folds },
      ...predictionColumns(rowsOf(predictions, samples)),
    ]
  })
  const [first = []] = tables
  await writeParquet(
    path,
    first.map(({ name, values }, c) => ({
      name,
      values: joined(
        tables.flatMap((table) => table[c]?.values ?? []),
        values,
      ),
    })),
  )
}

/** Arrays end to end, of the kind that one of them is. */
function joined(
  parts: readonly (Int32Array | Float32Array)[],
  kind: Int32Array | Float32Array,
): Int32Array | Float32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const whole = kind instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
