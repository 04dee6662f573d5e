import { UsageError } from '../../errors.ts'
import { BATCH_LOSS, type MetricRecord } from '../records.ts'
import { type MlflowClient, MlflowRefusal, mlflowClient } from './mlflowClient.ts'
import {
  endMlflowRun,
  findExperiment,
  logMetrics,
  METRICS_A_CALL,
  type MlflowMetric,
  type MlflowRun,
  needExperiment,
  openMlflowRun,
} from './mlflowRun.ts'
import { madeAt, type OpenSink, type Sink, type SinkRun, sinkName } from './sink.ts'

/** Losses of single steps that a run sends at most: a server keeps each in a database. */
const MOST_STEPS = 2000
/** Milliseconds before a server that was away is tried again. */
const AWAY_MS = 10_000

/**
 * Follows runs on an MLflow server, one run there for each: settings as parameters, metrics as `loss/train`, `loss/validation` and so on,
 * the loss of every step or of every few as `batch_loss/train`. A run that is resumed goes on in its run of the server, which
 * is sent what it does not have.
 *
 * @param trackingUri the server's address, as `http://localhost:5000`; for credentials see {@link mlflowClient}
 * @param options.experiment name of the experiment on the server; default: the run's own experiment
 * @throws UsageError where there is no server
 *
 * @example
 * const open = await mlflowSink('http://localhost:5000', { experiment: 'digits' })
 */
export async function mlflowSink(
  trackingUri: string,
  {
    experiment,
    client = mlflowClient(trackingUri),
  }: { readonly experiment?: string; readonly client?: MlflowClient } = {},
): Promise<OpenSink> {
  try {
    if (experiment === undefined) await findExperiment(client, 'Default')
    else await needExperiment(client, experiment)
  } catch (error) {
    throw new UsageError(
      `--mlflow: the server ${client.uri} cannot be used (${messageOf(error)}): start it, or go without --mlflow`,
      { cause: error },
    )
  }
  return (run, warn) => follow(client, run, experiment ?? run.manifest.name, warn)
}

function follow(client: MlflowClient, run: SinkRun, experiment: string, warn: (text: string) => void): Sink {
  const every = Math.max(1, Math.ceil(run.steps / MOST_STEPS))
  let waiting: MlflowMetric[] = []
  let opened: MlflowRun | undefined
  let isGivenUp = false
  let triedAgainAt = Number.NEGATIVE_INFINITY
  let sending = Promise.resolve()

  const deliver = async (): Promise<void> => {
    opened ??= await openMlflowRun(client, run, experiment)
    const { latest } = opened
    while (waiting.length > 0) {
      const batch = waiting.slice(0, METRICS_A_CALL)
      const news = batch.filter(({ key, step }) => step > (latest.get(key) ?? -1))
      if (news.length > 0) await logMetrics(client, opened, news)
      waiting = waiting.slice(batch.length)
    }
  }
  /** Sends what waits; what fails is tried again later, unless the server refused it. */
  const send = async (): Promise<void> => {
    if (isGivenUp) return
    try {
      await deliver()
      triedAgainAt = Number.NEGATIVE_INFINITY
    } catch (error) {
      const wasAway = triedAgainAt > Number.NEGATIVE_INFINITY
      triedAgainAt = performance.now() + AWAY_MS
      isGivenUp = error instanceof MlflowRefusal
      if (isGivenUp) warn(`MLflow gets no more of this run: ${client.uri}: ${messageOf(error)}`)
      else if (!wasAway) warn(`MLflow at ${client.uri} is away (${messageOf(error)}); it is tried again`)
    }
  }
  const write = (records: readonly MetricRecord[]): void => {
    for (const record of records) {
      const { name, split, value, step } = record
      if (name === BATCH_LOSS && step % every !== 0) continue
      waiting.push({ key: `${sinkName(name)}/${split}`, value, step, timestamp: madeAt(run.manifest, record) })
    }
    sending = sending.then(() => (performance.now() < triedAgainAt ? undefined : send()))
  }
  write(run.records)
  return {
    write,
    end: async (status) => {
      await sending
      await send()
      if (waiting.length > 0) return warn(`MLflow at ${client.uri} lacks ${waiting.length} values of this run`)
      try {
        const { finishedAt } = run.manifest
        const at = finishedAt === undefined ? Date.now() : Date.parse(finishedAt)
        if (opened !== undefined) await endMlflowRun(client, opened, status, at)
      } catch (error) {
        warn(`MLflow at ${client.uri} was not told that the run has ended: ${messageOf(error)}`)
      }
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
