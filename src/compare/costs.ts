import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import { meanOverSeeds } from '../metrics/uncertainty/index.ts'
import type { Key } from '../random/index.ts'
import { macsOf } from '../runs/index.ts'
import { type Latency, measureLatency } from './latency.ts'
import type { ComparedGroup } from './sources.ts'

/** What a group's networks cost. */
export interface Cost {
  readonly group: string
  readonly parameters: number
  /** Multiply-accumulates of the layers for one sample; undefined where the manifest does not say. */
  readonly macs: number | undefined
  /** Over the seeds: until the last training or validation value was logged, time in which a run was interrupted left out. */
  readonly training: { readonly seconds: number; readonly sd: number; readonly n: number } | undefined
  readonly epochs: number
  readonly latency: Latency | { readonly reason: string }
}

/** Whether latency is measured: `quick` does so for a few small networks. */
export type LatencyChoice = 'quick' | 'always' | 'never'

/** Why there is no latency where it was turned off. */
export const NOT_ASKED = 'not asked for'

/** What `quick` measures: so many groups, of so many multiply-accumulates a sample. */
const [QUICK_GROUPS, QUICK_MACS] = [8, 50e6]

export async function costsOf(groups: readonly ComparedGroup[], choice: LatencyChoice, key: Key): Promise<Cost[]> {
  const counted = groups.map((group) => ({ group, macs: group.runs[0] && macsOf(group.runs[0].run.manifest) }))
  const isQuick = groups.length <= QUICK_GROUPS && counted.every(({ macs = 0 }) => macs <= QUICK_MACS)
  const isMeasured = choice === 'always' || (choice === 'quick' && isQuick)
  const costs: Cost[] = []
  for (const { group, macs } of counted) {
    const [first] = group.runs
    if (first === undefined) continue
    costs.push({
      group: group.group.id,
      parameters: first.run.manifest.model.parameters,
      macs,
      training: trainingTime(group),
      epochs: Math.max(0, ...group.runs.map(({ records }) => lastOf(records)?.epoch ?? 0)),
      latency: isMeasured
        ? await latencyOf(join(first.run.folder, 'model.onnx'), key)
        : { reason: choice === 'never' ? NOT_ASKED : 'it would take long: ask for it with --latency' },
    })
  }
  return costs
}

/** The last value that training itself gave: the test comes after it. */
const lastOf = (records: ComparedGroup['runs'][number]['records']) =>
  records.findLast(({ split }) => split === 'train' || split === 'validation')

function trainingTime({ runs }: ComparedGroup): Cost['training'] {
  const times = runs.flatMap(({ records }) => lastOf(records)?.time ?? [])
  if (times.length === 0) return undefined
  const { mean, sd, n } = meanOverSeeds(times)
  return { seconds: mean, sd, n }
}

async function latencyOf(path: string, key: Key): Promise<Cost['latency']> {
  try {
    return await measureLatency(path, { key })
  } catch (error) {
    if (error instanceof UsageError) return { reason: error.message }
    throw error
  }
}
