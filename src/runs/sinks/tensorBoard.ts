import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { MetricRecord } from '../records.ts'
import { encodeEvents, header, scalar } from './events.ts'
import { madeAt, type OpenSink, type SinkRun, sinkName } from './sink.ts'

/**
 * Follows runs in event files of TensorBoard: `<folder>/<run>/<split>/events.out.tfevents.…`, a tag for each metric. TensorBoard takes
 * each folder for a run and draws one chart a tag, so that `loss` of training and of validation lie in one chart.
 *
 * The files follow from the run's log alone. A run that is resumed has them written anew up to where it goes on: no point is there twice.
 *
 * @param folder what `tensorboard --logdir` is given
 * @throws UsageError where the folder cannot be made
 *
 * @example
 * const open = tensorBoardSink('logs')
 * const sink = open({ folder: run.folder, manifest: run.manifest, steps: 0, records: await readMetrics(run) }, console.warn)
 * await sink.end('finished')
 */
export function tensorBoardSink(folder: string): OpenSink {
  const root = resolve(folder)
  makeFolder(root)
  return (run, warn) => {
    const files = new Map<string, string>()
    let hasFailed = false
    const unlessFailed = (action: () => void): void => {
      if (hasFailed) return
      try {
        action()
      } catch (error) {
        hasFailed = true
        warn(`TensorBoard’s files get no more of this run: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    const write = (records: readonly MetricRecord[]): void =>
      unlessFailed(() => {
        for (const split of new Set(records.map((record) => record.split))) {
          const path = files.get(split) ?? newFile(join(root, run.manifest.id, split), run)
          files.set(split, path)
          const some = records.filter((record) => record.split === split)
          appendFileSync(path, eventsOf(run, some))
        }
      })
    unlessFailed(() => clear(join(root, run.manifest.id)))
    write(run.records)
    return { write, end: async () => {} }
  }
}

const eventsOf = ({ manifest }: SinkRun, records: readonly MetricRecord[]): Uint8Array =>
  encodeEvents(
    records.map((record) => scalar(sinkName(record.name), record.value, record.step, madeAt(manifest, record) / 1000)),
  )

/** Removes the event files that an earlier part of the run has left. */
function clear(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (basename(name).startsWith(PREFIX)) rmSync(join(folder, name))
}

/** An event file with nothing in it yet. */
function newFile(folder: string, { manifest }: SinkRun): string {
  mkdirSync(folder, { recursive: true })
  const seconds = Math.floor(Date.now() / 1000)
  const path = join(folder, `${PREFIX}${seconds}.${manifest.id}`)
  writeFileSync(path, encodeEvents(header(seconds)))
  return path
}

const PREFIX = 'events.out.tfevents.'

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new UsageError(
      `--tensorboard: ${folder} cannot be made a folder (${error instanceof Error ? error.message : String(error)}): give another`,
      { cause: error },
    )
  }
}
