import { UsageError } from '../../errors.ts'
import { readStudy } from '../../search/index.ts'
import { isShare } from '../format.ts'
import { studyContent } from './blocks/tables/study.ts'
import { jsonThing } from './json.ts'
import { folderNamed, type Records } from './records.ts'
import { plain, type ThingReferent } from './referent.ts'
import { numberValue, textValue } from './value.ts'

/** A search: `study('sinc').best.value`, `.best.params['optimizer.lr']`, `.trials`. */
export async function studyReferent(records: Records, reference: string): Promise<ThingReferent> {
  const name = `study ${reference}`
  const folder = folderNamed(records, 'study', reference, 'study.json')
  const study = await records.once(name, () => readStudy(folder))
  const origin = (what: string) => ({ source: `study ${study.name}: ${what}`, runs: [] })
  const count = (what: string, of: (state: string | undefined) => boolean) => () =>
    plain(`${name}.${what}`, () =>
      numberValue(study.trials.filter(({ outcome }) => of(outcome?.state)).length, 'count', origin(what)),
    )
  return {
    kind: 'thing',
    name,
    subject: { kind: 'study', name: reference },
    members: {
      name: () => plain(`${name}.name`, () => textValue(study.name, origin('name'))),
      direction: () => plain(`${name}.direction`, () => textValue(study.direction, origin('direction'))),
      trials: count('trials', () => true),
      complete: count('complete', (state) => state === 'complete'),
      pruned: count('pruned', (state) => state === 'pruned'),
      failed: count('failed', (state) => state === 'failed'),
      objective: () =>
        plain(`${name}.objective`, async () =>
          textValue((await studyContent(records, reference)).objective, origin('objective')),
        ),
      best: async () => {
        const { best } = study
        if (best?.outcome?.state !== 'complete') throw new UsageError(`${name} has no complete trial yet`)
        const { value } = best.outcome
        const { objective } = await studyContent(records, reference)
        const of = origin(`trial ${best.number}, the best`)
        const params = Object.fromEntries(
          study.space.axes.flatMap((axis, i) => {
            const at = best.point[i]
            if (at === undefined) return []
            const { parameter, path } = axis
            const set = parameter.kind === 'choice' ? parameter.values[at] : at
            const told = { ...of, source: `${of.source}: ${path}` }
            return [
              [
                path,
                () =>
                  typeof set === 'number'
                    ? plain(`${name}.best.params.${path}`, () =>
                        numberValue(Number(set.toPrecision(4)), 'setting', told),
                      )
                    : plain(path, () => textValue(typeof set === 'string' ? set : JSON.stringify(set), told)),
              ] as const,
            ]
          }),
        )
        return {
          kind: 'thing',
          name: `${name}.best`,
          members: {
            value: () =>
              plain(`${name}.best.value`, () => numberValue(value, isShare(objective) ? 'share' : 'number', of)),
            number: () => plain(`${name}.best.number`, () => numberValue(best.number, 'number', of)),
            params: () => ({ kind: 'thing', name: `${name}.best.params`, members: params }),
          },
        }
      },
      test: () =>
        plain(`${name}.test`, async () => {
          const { final, objective } = await studyContent(records, reference)
          if (final === undefined)
            throw new UsageError(`${name}: its best configuration was not trained and tested: run best.ts of the study`)
          return numberValue(final.value, isShare(objective) ? 'share' : 'number', {
            source: `${final.ids.join(', ')}: test ${objective}`,
            runs: final.ids,
          })
        }),
      luck: async () =>
        jsonThing(
          JSON.parse(JSON.stringify((await studyContent(records, reference)).luck)),
          `${name}.luck`,
          origin('luck'),
        ),
    },
  }
}
