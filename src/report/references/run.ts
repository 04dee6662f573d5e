import { UsageError } from '../../errors.ts'
import type { RunGroup } from '../../runs/index.ts'
import { factMembers } from './facts.ts'
import type { Records } from './records.ts'
import { plain, type ThingReferent } from './referent.ts'
import { splitMembers } from './scores.ts'
import { type Filter, labelsOf, selected } from './selection.ts'
import { numberValue, textValue } from './value.ts'

/**
 * One run: `run('resnet18-s0')`, `run('latest')`, or of several the one that a filter leaves, `run('sinc', { seed: 0 })`.
 *
 * @throws UsageError where there is none, or more than one
 */
export async function runReferent(records: Records, reference: string, filter: Filter): Promise<ThingReferent> {
  const groups = selected(await records.groups(reference), filter, reference)
  const runs = groups.flatMap((group) => group.runs.map((run) => ({ group, run })))
  const [only] = runs
  if (only === undefined) throw new UsageError(`"${reference}" has no run`)
  if (runs.length > 1) {
    const [first] = groups
    throw new UsageError(
      groups.length === 1
        ? `"${reference}" are ${runs.length} runs (seeds ${first?.runs.map(({ manifest }) => manifest.seed).join(', ')}): choose one, as in run('${reference}', { seed: 0 }), or take the mean, group('${reference}')`
        : `"${reference}" are ${groups.length} groups of runs (${labelsOf(groups)}): choose one by what tells them apart, as in run('${reference}', { lr: 0.001 })`,
    )
  }
  return oneRun(records, { ...only.group, runs: [only.run] })
}

function oneRun(records: Records, group: RunGroup): ThingReferent {
  const [run] = group.runs
  if (run === undefined) throw new Error('a run has a group of one')
  const name = `run ${run.id}`
  const { manifest } = run
  const origin = (what: string) => ({ source: `${run.id}: ${what}`, runs: [run.id] })
  return {
    kind: 'thing',
    name,
    subject: { kind: 'runs', groups: [group] },
    members: {
      ...splitMembers(records, group, name, true),
      ...factMembers([run], name),
      id: () => plain(`${name}.id`, () => textValue(run.id, origin('id'))),
      seed: () => plain(`${name}.seed`, () => numberValue(manifest.seed, 'number', origin('seed'))),
      status: () =>
        plain(`${name}.status`, () =>
          textValue(manifest.diverged === true ? 'diverged' : manifest.status, origin('status')),
        ),
      duration: () =>
        plain(`${name}.duration`, async () => {
          const seconds = (await records.metrics(run)).reduce((latest, { time }) => Math.max(latest, time), 0)
          return numberValue(seconds, 'seconds', origin('time until the last metric was logged'))
        }),
    },
  }
}
