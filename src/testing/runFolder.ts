import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../runs/manifest.ts'
import { encodeRecords, type MetricRecord } from '../runs/records.ts'
import { encodeSummary, summarize } from '../runs/summary.ts'
import { manifestOf } from './manifest.ts'

/** A finished run's manifest, with changes. */
export const finishedManifest = (id: string, changes: Partial<Manifest> = {}): Manifest => ({
  ...manifestOf(),
  version: 1,
  id,
  status: 'finished',
  pid: 1,
  createdAt: '2026-11-21T10:15:02.000Z',
  finishedAt: '2026-11-21T10:16:32.000Z',
  ...changes,
})

/**
 * Writes a run's folder as it stands on disk, in one go and without training: manifest, log and summary.
 *
 * @returns the folder
 */
export function writeRunFolder(root: string, manifest: Manifest, records: readonly MetricRecord[]): string {
  const folder = join(root, manifest.id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  writeFileSync(join(folder, 'metrics.jsonl'), encodeRecords(records))
  writeFileSync(join(folder, 'summary.json'), `${JSON.stringify(encodeSummary(summarize(records)), null, 2)}\n`)
  return folder
}
