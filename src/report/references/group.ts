import { UsageError } from '../../errors.ts'
import { meanOverSeeds } from '../../metrics/uncertainty/index.ts'
import type { RunGroup } from '../../runs/index.ts'
import { factMembers } from './facts.ts'
import type { Records } from './records.ts'
import { type Members, plain, type ThingReferent } from './referent.ts'
import { splitMembers } from './scores.ts'
import { type Filter, labelsOf, selected } from './selection.ts'
import { numberValue, textValue } from './value.ts'

/**
 * Runs that differ in their seed: `group('sinc')`; or the cells of a grid, `group('rates', { lr: 0.1 })`, of which a value needs one alone.
 *
 * @throws UsageError where there is none
 */
export async function groupReferent(records: Records, reference: string, filter: Filter): Promise<ThingReferent> {
  const groups = selected(await records.groups(reference), filter, reference)
  return groupThing(records, groups, `group ${reference}`)
}

/** Groups as one thing. */
export function groupThing(records: Records, groups: readonly RunGroup[], name: string): ThingReferent {
  const [first] = groups
  if (first === undefined) throw new UsageError(`${name} has no runs`)
  const runs = groups.flatMap((group) => group.runs)
  const origin = (what: string) => ({ source: `${name}: ${what}`, runs: runs.map(({ id }) => id) })
  const counts: Members = {
    cells: () => plain(`${name}.cells`, () => numberValue(groups.length, 'count', origin('number of groups'))),
    runs: () => plain(`${name}.runs`, () => numberValue(runs.length, 'count', origin('number of runs'))),
    finished: () =>
      plain(`${name}.finished`, () =>
        numberValue(
          runs.filter(({ manifest }) => manifest.status === 'finished').length,
          'count',
          origin('finished runs'),
        ),
      ),
    diverged: () =>
      plain(`${name}.diverged`, () =>
        numberValue(runs.filter(({ manifest }) => manifest.diverged === true).length, 'count', origin('diverged runs')),
      ),
    seeds: () =>
      plain(`${name}.seeds`, () =>
        textValue(
          [...new Set(runs.map(({ manifest }) => manifest.seed))].sort((a, b) => a - b).join(', '),
          origin('seeds'),
        ),
      ),
    duration: () =>
      plain(`${name}.duration`, async () => {
        // How long one takes is told by those that came to their end, as its scores are.
        const ended = runs.filter(({ manifest }) => manifest.status === 'finished')
        const times = await Promise.all(
          (groups.length === 1 && ended.length > 0 ? ended : runs).map(async (run) =>
            (await records.metrics(run)).reduce((latest, { time }) => Math.max(latest, time), 0),
          ),
        )
        return groups.length === 1
          ? numberValue(meanOverSeeds(times).mean, 'seconds', origin('time of a training, mean over the seeds'))
          : numberValue(
              times.reduce((sum, time) => sum + time, 0),
              'seconds',
              origin('time of all trainings'),
            )
      }),
  }
  return {
    kind: 'thing',
    name,
    subject: { kind: 'runs', groups },
    members: {
      ...(groups.length === 1 ? splitMembers(records, first, name, false) : manySplits(groups, name)),
      ...factMembers(runs, name),
      label: () => plain(`${name}.label`, () => textValue(labelsOf(groups), origin('label'))),
      ...counts,
    },
  }
}

/** A score is of one cell: which, has to be said. */
const manySplits = (groups: readonly RunGroup[], name: string): Members =>
  Object.fromEntries(
    ['train', 'validation', 'test'].map((split) => [
      split,
      () => {
        throw new UsageError(
          `${name} are ${groups.length} groups (${labelsOf(groups)}), and a score is of one: choose it by what tells them apart, as in group('…', { lr: 0.001 })`,
        )
      },
    ]),
  )
