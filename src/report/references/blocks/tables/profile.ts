import { strongestPairs } from '../../../../data/profile/index.ts'
import { UsageError } from '../../../../errors.ts'
import type { Block } from '../../../document.ts'
import { whole } from '../../../format.ts'
import { readProfile } from '../../../profile/storedProfile.ts'
import { duplicates, fieldTables, leftOut } from '../../../profile/tables.ts'
import { folderNamed, type Records } from '../../records.ts'
import type { ProfileSubject, TableMaker } from './maker.ts'

/** A stored profile, read once. */
export const storedProfile = (records: Records, name: string) =>
  records.once(`profile ${name}`, async () => readProfile(folderNamed(records, 'profile', name, 'profile.json')))

type Stored = Awaited<ReturnType<typeof storedProfile>>

const made =
  (what: string, make: (profile: Stored) => readonly Block[]): TableMaker<ProfileSubject> =>
  async ({ name }, _, records) => {
    const blocks = make(await storedProfile(records, name))
    if (blocks.length === 0) throw new UsageError(`profile ${name} has no ${what}`)
    return blocks
  }

const number = (title: string) => ({ title, kind: 'number' as const })

export const profileTables: Readonly<Record<string, TableMaker<ProfileSubject>>> = {
  /** The eight questions. */
  answers: made('answers', ({ answers, name }) => [
    {
      kind: 'facts',
      caption: `Eight questions to ${name}, answered from the data.`,
      facts: answers.map(({ question, answer }) => [question, answer]),
    },
  ]),
  /** Statistics of every column or channel. */
  fields: made('columns', ({ splits }) => splits.flatMap(({ name, fields }) => fieldTables(name, fields))),
  /** Samples of each class in each split. */
  classes: made('classes', ({ problem, splits }) => {
    const counted = splits.flatMap(({ name, classCounts }) =>
      classCounts === undefined ? [] : [{ name, classCounts }],
    )
    if (problem.task !== 'classification' || counted.length === 0) return []
    return [
      {
        kind: 'table',
        caption: 'Samples of each class.',
        columns: [{ title: 'class', kind: 'word' }, ...counted.map(({ name }) => number(name))],
        rows: problem.classes.map((name, c) => [name, ...counted.map(({ classCounts }) => whole(classCounts[c] ?? 0))]),
      },
    ]
  }),
  correlation: made('correlations', ({ correlation }) =>
    correlation === undefined
      ? []
      : [
          {
            kind: 'table',
            caption: 'The strongest correlations of two columns (Pearson’s r).',
            columns: [{ title: 'column', kind: 'word' }, { title: 'with', kind: 'word' }, number('r')],
            rows: strongestPairs(correlation).map(({ a, b, r }) => [a, b, r.toFixed(3).replace('-', '−')]),
          },
        ],
  ),
  duplicates: made('duplicates', duplicates),
  'left-out': made('items that were left out', (profile) => leftOut(profile)),
}
