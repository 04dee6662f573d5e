import { type Run, readMetrics } from '../read.ts'
import type { OpenSink } from './sink.ts'

/**
 * Hands a run that nobody writes any more, or what there is of one, to a place.
 *
 * @returns what went wrong on the way; nothing where all has arrived
 * @throws UsageError when the run's log cannot be read
 *
 * @example
 * const faults = await sendRun(await mlflowSink('http://localhost:5000'), await openRun('runs', 'latest'))
 */
export async function sendRun(open: OpenSink, run: Run): Promise<string[]> {
  const records = await readMetrics(run)
  const { folder, manifest } = run
  const faults: string[] = []
  const steps = records.at(-1)?.step ?? 0
  const sink = open({ folder, manifest, steps, records }, (text) => faults.push(text))
  await sink.end(manifest.status === 'running' ? 'interrupted' : manifest.status)
  return faults
}
