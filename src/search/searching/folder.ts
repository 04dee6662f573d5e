import { mkdir, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { key } from '../../random/index.ts'
import { versionState } from '../../runs/index.ts'
import { cmaEs, grid, random, type Sampler, sobol, tpe } from '../samplers/index.ts'
import { createStudy, type Study } from '../study/index.ts'
import { hashOf, requireSame, warningsOf } from './changes.ts'
import { checkSearch, probesOf } from './check.ts'
import { describeSearch } from './describe.ts'
import { readFolds, writeFolds } from './foldsFile.ts'
import type { Known } from './materials.ts'
import { type SamplerName, samplerNames } from './samplerNames.ts'
import type { Search } from './search.ts'

const SAMPLERS: Readonly<Record<SamplerName, () => Sampler>> = { grid, random, sobol, tpe, 'cma-es': cmaEs }

const schema = z.strictObject({
  version: z.literal(1),
  /** The file that exports the search, as seen from the study's folder; with slashes. */
  file: z.string(),
  fileHash: z.string(),
  objective: z.string(),
  description: z.json(),
  /** Of the training data, where all experiments have the same. */
  fingerprint: z.string().optional(),
  /** Of what computes, as they were when the search was begun. */
  versions: z.object({ assay: z.string(), node: z.string(), onnxruntime: z.string() }),
  /** In place of the file's. */
  sampler: z.enum(samplerNames).optional(),
  /** Trials in all. */
  trials: z.int().positive(),
  /** Whether each training of a trial becomes a run, in `runs/`. */
  keepRuns: z.boolean(),
})
/** What a search's folder says of it: `search.json`, beside the study. */
export type SearchRecord = z.infer<typeof schema>

const recordIn = (folder: string): string => join(folder, 'search.json')

/**
 * What was searched in a folder.
 *
 * @throws UsageError when there is no search in it, or it is damaged
 */
export async function readSearch(folder: string): Promise<SearchRecord> {
  const record = await recordOf(folder)
  if (record === undefined)
    throw new UsageError(`there is no search in ${folder}: give the folder of a study that assay search has begun`)
  return record
}

async function recordOf(folder: string): Promise<SearchRecord | undefined> {
  const path = recordIn(folder)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError(`${path} is damaged (not JSON): give the search another folder, or mend it`)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new UsageError(`${path} is damaged (${z.prettifyError(parsed.error)}): give the search another folder`)
}

/** What the command line may say of a search. */
export interface SearchSettings {
  readonly sampler?: SamplerName | undefined
  readonly trials?: number | undefined
  readonly keepRuns?: boolean | undefined
}

/** Loads the search that a file exports. */
export type LoadSearch = (file: string) => Promise<Search>

/** A search and the study of its trials. */
export interface OpenSearch {
  readonly search: Search
  readonly study: Study<unknown>
  readonly folder: string
  /** The file that exports it. */
  readonly file: string
  readonly record: SearchRecord
  readonly known: Known
  /** Said to the user: what has changed since the search was begun, and may make other trials. */
  readonly warnings: readonly string[]
}

/** How many trials a search has whose file and sampler do not say. */
const TRIALS = 50
/** A trial that is given back counts no death; one that kills its workers must end sometime. */
const RETRIES = 2

/**
 * Begins a search in a folder, or goes on with the one that is there; settings that are not given stay as they were.
 *
 * @param check - looks at the search, and at what is known of its data, before anything is written
 * @throws UsageError where the file has changed since, with what has changed, where the search cannot be, and where more trials have begun than
 * are asked for
 */
export async function beginSearch(
  folder: string,
  file: string,
  load: LoadSearch,
  settings: SearchSettings,
  check: (search: Search, known: Known) => Promise<Known>,
): Promise<OpenSearch> {
  const before = await recordOf(folder)
  const sampler = settings.sampler ?? before?.sampler
  const search = settled(await load(file), sampler)
  const probes = probesOf(search)
  const direction = checkSearch(search, probes)
  const description = describeSearch(search, probes)
  if (before !== undefined) requireSame(folder, file, before.description, description)
  const { size } = search.sampler.start({ space: search.space, direction, key: key(search.seed) })
  const trials = settings.trials ?? before?.trials ?? search.trials ?? size ?? TRIALS
  const known = await check(search, await knownIn(folder, before))
  const record: SearchRecord = {
    version: 1,
    file: relative(folder, file).split(sep).join('/'),
    fileHash: before?.fileHash ?? (await hashOf(file)),
    objective: search.objective,
    description,
    ...(known.fingerprint !== undefined && { fingerprint: known.fingerprint }),
    versions: before?.versions ?? (await versionState()),
    ...(sampler !== undefined && { sampler }),
    trials: Math.min(trials, size ?? trials),
    keepRuns: settings.keepRuns ?? before?.keepRuns ?? false,
  }
  await makeFolder(folder)
  const study = await studyOf(folder, search, record, direction)
  const begun = study.trials.length
  if (record.trials < begun)
    throw new UsageError(`${record.trials} trials are asked for, and ${begun} have begun: ask for ${begun} or more`)
  if (known.folds !== undefined && before === undefined) await writeFolds(folder, known.folds)
  await writeFileAtomic(recordIn(folder), `${JSON.stringify(record, null, 2)}\n`)
  return { search, study, folder, file, record, known, warnings: await warningsOf(file, record) }
}

/**
 * Opens the search of a folder as it was begun, from the file that it names.
 *
 * @throws UsageError as {@link beginSearch} does
 */
export async function openSearch(folder: string, load: LoadSearch): Promise<OpenSearch> {
  const record = await readSearch(folder)
  const file = resolve(folder, record.file)
  const search = settled(await load(file), record.sampler)
  const probes = probesOf(search)
  const direction = checkSearch(search, probes)
  requireSame(folder, file, record.description, describeSearch(search, probes))
  const study = await studyOf(folder, search, record, direction)
  const known = await knownIn(folder, record)
  return { search, study, folder, file, record, known, warnings: await warningsOf(file, record) }
}

async function knownIn(folder: string, record: SearchRecord | undefined): Promise<Known> {
  const folds = await readFolds(folder)
  return {
    ...(record?.fingerprint !== undefined && { fingerprint: record.fingerprint }),
    ...(folds && { folds }),
  }
}

const settled = (search: Search, sampler: SamplerName | undefined): Search =>
  sampler === undefined ? search : search.with({ sampler: SAMPLERS[sampler]() })

const studyOf = (
  folder: string,
  search: Search,
  { trials }: SearchRecord,
  direction: ReturnType<typeof checkSearch>,
): Promise<Study<unknown>> => {
  const { name, space, sampler, pruner, seed } = search
  return createStudy({
    ...{ name, space, sampler, pruner, direction, key: key(seed) },
    ...{ folder, trials, retries: RETRIES },
  })
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UsageError(
      `the study’s folder, ${folder}, cannot be made (${code}): make that possible, or give another`,
      {
        cause: error,
      },
    )
  }
}
