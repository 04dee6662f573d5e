import type { Profile } from '../../data/profile/index.ts'
import { UsageError } from '../../errors.ts'
import { storedProfile } from './blocks/tables/profile.ts'
import { jsonThing } from './json.ts'
import type { Records } from './records.ts'
import { type Members, plain, type ThingReferent } from './referent.ts'
import { numberValue } from './value.ts'

/** A stored profile of data: `profile('mnist').train.samples`, `.classes`, `.duplicates.between`; its JSON by name beside that. */
export async function profileReferent(records: Records, reference: string): Promise<ThingReferent> {
  const profile = await storedProfile(records, reference)
  const name = `profile ${reference}`
  const origin = (what: string) => ({ source: `profile ${profile.name}: ${what}`, runs: [] })
  const json = jsonThing(JSON.parse(JSON.stringify(profile)), name, { source: `profile ${profile.name}`, runs: [] })
  const count = (what: string, of: number | undefined) => () =>
    plain(`${name}.${what}`, () => {
      if (of === undefined) throw new UsageError(`${name} has no ${what}`)
      return numberValue(of, 'count', origin(what))
    })
  const splits: Members = Object.fromEntries(
    profile.splits.map((split) => [
      split.name,
      (): ThingReferent => ({
        kind: 'thing',
        name: `${name}.${split.name}`,
        members: { samples: count(`${split.name}.samples`, split.samples), ...fieldMembers(split, name) },
      }),
    ]),
  )
  return {
    kind: 'thing',
    name,
    subject: { kind: 'profile', name: reference },
    members: {
      ...json.members,
      ...splits,
      samples: count(
        'samples',
        profile.splits.reduce((sum, { samples }) => sum + samples, 0),
      ),
      classes: count('classes', profile.problem.task === 'classification' ? profile.problem.classes.length : undefined),
      constantFeatures: count('constantFeatures', profile.constantFeatures),
      leftOut: count('leftOut', profile.leftOut.length),
    },
  }
}

/** Statistics by the column's name: `.train.fields['age'].mean`. */
const fieldMembers = ({ fields, name: split }: Profile['splits'][number], name: string): Members => ({
  fields: () => ({
    kind: 'thing',
    name: `${name}.${split}.fields`,
    members: Object.fromEntries(
      fields.map((field) => [
        field.name,
        () =>
          jsonThing(JSON.parse(JSON.stringify(field)), `${name}.${split}.${field.name}`, {
            source: `${name}: ${split} ${field.name}`,
            runs: [],
          }),
      ]),
    ),
  }),
})
