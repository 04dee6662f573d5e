import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import type { Manifest } from '../manifest.ts'
import { encodeNumber } from '../number.ts'
import { type MlflowClient, MlflowRefusal } from './mlflowClient.ts'
import type { SinkRun } from './sink.ts'

/** A value as MLflow takes it; `timestamp` in milliseconds since 1970. */
export interface MlflowMetric {
  readonly key: string
  readonly value: number
  readonly step: number
  readonly timestamp: number
}

/** A run on the server. */
export interface MlflowRun {
  readonly id: string
  /** Of each metric the last step that the server has. */
  readonly latest: ReadonlyMap<string, number>
}

/** `mlflow.json` of a run's folder: which run of which server is its. */
const linkSchema = z.object({ uri: z.string(), experimentId: z.string(), runId: z.string() })
const LINK = 'mlflow.json'

/** Most that one call takes. */
export const METRICS_A_CALL = 1000
const PARAMS_A_CALL = 100
/** Characters of a parameter's name and of its value that every version of MLflow takes. */
const LONGEST_KEY = 250
const LONGEST_VALUE = 500

const nothing = z.unknown()
const experimentReply = z.object({ experiment: z.object({ experiment_id: z.string() }) })
const experimentId = z.object({ experiment_id: z.string() })
const createdRun = z.object({ run: z.object({ info: z.object({ run_id: z.string() }) }) })
const knownRun = z.object({
  run: z.object({
    data: z
      .object({ metrics: z.array(z.object({ key: z.string(), step: z.coerce.number().default(0) })).default([]) })
      .default({ metrics: [] }),
  }),
})

const isMissing = (error: unknown): boolean =>
  error instanceof MlflowRefusal && error.code === 'RESOURCE_DOES_NOT_EXIST'

/** The id of an experiment by its name; undefined where the server has none of that name. */
export async function findExperiment(client: MlflowClient, name: string): Promise<string | undefined> {
  try {
    const { experiment } = await client.get('experiments/get-by-name', { experiment_name: name }, experimentReply)
    return experiment.experiment_id
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** The same, made where it is not there. */
export async function needExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await findExperiment(client, name)
  return found ?? (await client.post('experiments/create', { name }, experimentId)).experiment_id
}

/** The server's run for a run of Assay: the one that its folder names, or a new one, with the experiment's settings as parameters. */
export async function openMlflowRun(client: MlflowClient, run: SinkRun, experimentName: string): Promise<MlflowRun> {
  const opened = (await linkedRun(client, run)) ?? (await newRun(client, run, experimentName))
  const params = paramsOf(run.manifest)
  for (let i = 0; i < params.length; i += PARAMS_A_CALL)
    await client.post('runs/log-batch', { run_id: opened.id, params: params.slice(i, i + PARAMS_A_CALL) }, nothing)
  return opened
}

export const logMetrics = (
  client: MlflowClient,
  { id }: MlflowRun,
  metrics: readonly MlflowMetric[],
): Promise<unknown> =>
  client.post(
    'runs/log-batch',
    { run_id: id, metrics: metrics.map((metric) => ({ ...metric, value: encodeNumber(metric.value) })) },
    nothing,
  )

const STATUS = { finished: 'FINISHED', interrupted: 'KILLED', failed: 'FAILED' } as const

/** @param at - when it ended, in milliseconds since 1970 */
export const endMlflowRun = (
  client: MlflowClient,
  { id }: MlflowRun,
  status: keyof typeof STATUS,
  at: number,
): Promise<unknown> => client.post('runs/update', { run_id: id, status: STATUS[status], end_time: at }, nothing)

async function linkedRun(client: MlflowClient, { folder }: SinkRun): Promise<MlflowRun | undefined> {
  const text = await readFile(join(folder, LINK), 'utf8').catch(() => undefined)
  const link = text === undefined ? undefined : linkSchema.safeParse(parsed(text))
  if (link?.success !== true || link.data.uri !== client.uri) return undefined
  const { runId: id } = link.data
  try {
    const { run } = await client.get('runs/get', { run_id: id }, knownRun)
    await client.post('runs/update', { run_id: id, status: 'RUNNING' }, nothing)
    return { id, latest: new Map(run.data.metrics.map(({ key, step }) => [key, step])) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function newRun(client: MlflowClient, { folder, manifest }: SinkRun, name: string): Promise<MlflowRun> {
  const experimentId = await needExperiment(client, name)
  const { id, code, createdAt, configHash } = manifest
  const tags = {
    'mlflow.runName': id,
    'mlflow.source.type': 'LOCAL',
    ...(code.file !== undefined && { 'mlflow.source.name': code.file }),
    ...(code.commit !== undefined && { 'mlflow.source.git.commit': code.commit }),
    'assay.run': id,
    'assay.configHash': configHash,
  }
  const body = {
    experiment_id: experimentId,
    run_name: id,
    start_time: Date.parse(createdAt),
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  }
  const { run } = await client.post('runs/create', body, createdRun)
  const link = { uri: client.uri, experimentId, runId: run.info.run_id }
  await writeFileAtomic(join(folder, LINK), `${JSON.stringify(link, null, 2)}\n`)
  return { id: run.info.run_id, latest: new Map() }
}

/** The experiment's settings by their paths, as `--set` names them, with the seed and what the data and the model are. */
export function paramsOf({
  experiment,
  seed,
  data,
  model,
}: Manifest): { readonly key: string; readonly value: string }[] {
  const facts = {
    seed,
    'data.name': data.name,
    'data.train': data.splits.train,
    'data.validation': data.splits.validation,
    'data.test': data.splits.test,
    'model.parameters': model.parameters,
  }
  const all = new Map([...leaves(experiment, ''), ...leaves(facts, '')])
  return [...all].map(([key, value]) => ({ key: key.slice(0, LONGEST_KEY), value: value.slice(0, LONGEST_VALUE) }))
}

type Json = Manifest['experiment']

/** What is at the ends of a tree, by path; lists of numbers and texts are ends, too. */
function leaves(value: Json, path: string): [path: string, text: string][] {
  if (value === null || typeof value !== 'object') return [[path, String(value)]]
  if (Array.isArray(value) && value.every((entry) => entry === null || typeof entry !== 'object'))
    return [[path, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path === '' ? key : `${path}.${key}`))
}
