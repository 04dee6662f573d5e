import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Dataset, LoadHooks } from '../data/index.ts'
import { formatRanges, parseRanges } from '../data/splits/ranges.ts'
import { type Encoding, encodingSchema } from '../data/table/encoding.ts'
import { UsageError } from '../errors.ts'
import { type Experiment, type KnownDivision, type Prepared, prepare } from '../train/index.ts'
import type { Run } from './read.ts'
import type { RunWriter } from './writer.ts'

/**
 * `split.json`: which of the training data's samples were trained on and which models were chosen by, as ascending numbers and ranges
 * (`"0-2 7"`). Samples in neither were not used.
 */
const splitSchema = z.object({
  /** Of the training data, before they were divided. */
  fingerprint: z.string(),
  samples: z.int().nonnegative(),
  train: z.string(),
  validation: z.string(),
})

/** Writes what of its data a run must remember: the division, how a table became numbers, and what was left out. */
export async function writeData(
  run: Pick<RunWriter, 'writeJson'>,
  { train, validation, leftOut }: Prepared,
): Promise<void> {
  const { fingerprint, length, encoding } = train.dataset
  await run.writeJson('split.json', {
    fingerprint,
    samples: length,
    train: formatRanges(train.indices),
    validation: formatRanges(validation.indices),
  })
  if (encoding !== undefined) await run.writeJson('encoding.json', encoding)
  if (leftOut.length > 0) await run.writeJson('left-out.json', leftOut)
}

/**
 * How a run's training data were divided.
 *
 * @throws UsageError when the run's `split.json` is missing or damaged
 *
 * @example
 * const { train, validation } = await readDivision(await openRun('runs', 'latest'))
 */
export async function readDivision(run: Pick<Run, 'folder'>): Promise<KnownDivision> {
  const { fingerprint, samples, train, validation } = await readJson(run, 'split.json', splitSchema)
  const division = { fingerprint, train: parseRanges(train), validation: parseRanges(validation) }
  const seen = new Uint8Array(samples)
  for (const i of [...division.train, ...division.validation]) {
    if (i >= samples || seen[i] === 1)
      throw new UsageError(
        `${join(run.folder, 'split.json')} is damaged: sample ${i} ${i >= samples ? `is beyond the ${samples} that there are` : 'is in it twice'}; train the experiment again`,
      )
    seen[i] = 1
  }
  return division
}

/**
 * How the rows of a table became a run's samples, for `encodeTable` of other rows.
 *
 * @throws UsageError when the run has no `encoding.json`, because its data were no table, or it is damaged
 *
 * @example
 * const samples = encodeTable(await readCsv('new.csv'), await readEncoding(run))
 */
export const readEncoding = (run: Pick<Run, 'folder'>): Promise<Encoding> =>
  readJson(run, 'encoding.json', encodingSchema)

/**
 * Prepares an experiment as the run of it was: on the run's own division of the data.
 *
 * @throws UsageError when the data are no longer those of the run, or for what `prepare` refuses
 *
 * @example
 * const { validation } = await prepareRun(experiment, run)
 */
export const prepareRun = async (
  experiment: Experiment,
  run: Pick<Run, 'folder'>,
  hooks: LoadHooks = {},
): Promise<Prepared> => prepare(experiment, { ...hooks, division: await readDivision(run) })

/**
 * Refuses data that have changed since a run: what is measured on them would be wrong of it.
 *
 * @throws UsageError where the data are others than those that the run was trained and tested on
 *
 * @example
 * requireOwnData(run, await experiment.data.load())
 */
export function requireOwnData(
  { id, manifest }: Pick<Run, 'id' | 'manifest'>,
  splits: Readonly<Record<'train' | 'test', Pick<Dataset, 'fingerprint'>>>,
): void {
  const { name, fingerprint } = manifest.data
  for (const split of ['train', 'test'] as const) {
    const [now, before] = [splits[split].fingerprint, fingerprint[split]]
    if (now !== before)
      throw new UsageError(
        `${name}: the ${split === 'train' ? 'training' : 'test'} data are others than those of run ${id} (${now.slice(0, 12)} in place of ${before.slice(0, 12)}): give the data as they were, or train anew`,
      )
  }
}

async function readJson<T>({ folder }: Pick<Run, 'folder'>, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(
      `${path} is not there or cannot be read: give a run that has it, or train the experiment again`,
    )
  })
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : 'it is not JSON'
    throw new UsageError(`${path} is damaged (${reason}): train the experiment again`)
  }
}
