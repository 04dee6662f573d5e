import { type Field, type NumberField, type Profile, valueText } from '../../data/profile/index.ts'
import { counted, percent, short, whole } from '../../data/profile/words.ts'
import type { Block } from '../document.ts'

/** Items told one by one. */
const MAX_LISTED = 100

const isNumber = (field: Field): field is NumberField => field.kind === 'number'

/** The statistics of every column or channel. */
export function fieldTables(split: string, fields: readonly Field[]): Block[] {
  const numbers = fields.filter(isNumber)
  const texts = fields.flatMap((field) => (field.kind === 'text' ? [field] : []))
  const titled = split === 'all' ? '' : ` (${split})`
  const word = (title: string) => ({ title, kind: 'word' as const })
  const number = (title: string) => ({ title, kind: 'number' as const })
  return [
    ...(numbers.length > 0
      ? [
          {
            kind: 'table' as const,
            caption: `Numbers${titled}. Outliers lie below q25 − 1.5 IQR or above q75 + 1.5 IQR.`,
            columns: [
              word('name'),
              word('type'),
              ...['missing', 'unique', 'min', 'q25', 'median', 'q75', 'max', 'mean', 'std', 'outliers'].map(number),
            ],
            rows: numbers.map((f) => [
              f.name,
              f.type,
              whole(f.missing),
              f.unique === undefined ? '–' : whole(f.unique),
              ...[f.min, f.q25, f.median, f.q75, f.max, f.mean].map((one) => valueText(f, one)),
              f.type === 'date' ? `${short(f.std)} days` : short(f.std),
              f.outliers === undefined ? '–' : whole(f.outliers.count),
            ]),
          },
        ]
      : []),
    ...(texts.length > 0
      ? [
          {
            kind: 'table' as const,
            caption: `Texts, categories and truth values${titled}`,
            columns: [
              word('name'),
              word('type'),
              number('missing'),
              number('unique'),
              { title: 'most frequent' },
              { title: 'remark' },
            ],
            rows: texts.map((f) => [
              f.name,
              f.type,
              whole(f.missing),
              whole(f.unique),
              f.top
                .slice(0, 5)
                .map((one) => `${one.value} (${percent(one.count / Math.max(1, f.count))})`)
                .join(', '),
              f.note ?? '',
            ]),
          },
        ]
      : []),
  ]
}

export function duplicates({ duplicates: of, splits, modality }: Profile): Block[] {
  const parted = splits.length > 1
  const blocks: Block[] = [
    {
      kind: 'facts',
      caption:
        modality === 'table'
          ? 'Rows with the same values in all columns, whatever their label'
          : 'Samples with the same content (by SHA-256), whatever their label',
      facts: [
        [parted ? 'Copies in the training split' : 'Samples that repeat another', whole(of.withinTrain)],
        ...(parted
          ? ([
              ['Copies in the test split', whole(of.withinTest)],
              ['Test samples that are in the training split too', whole(of.between)],
            ] as const)
          : []),
        ['Contents under more than one label', whole(of.conflicting)],
        ...(of.examples.length > 0 ? [['Such as', of.examples.join('; ')] as const] : []),
      ],
    },
  ]
  return blocks
}

/** What the source has and the data do not, and what else is known of it. */
export function leftOut({ leftOut: items, facts }: Profile): Block[] {
  const source: Block[] = facts.length > 0 ? [{ kind: 'facts', caption: 'The source', facts }] : []
  if (items.length === 0) return [{ kind: 'paragraph', text: 'Nothing: all of the source was read.' }, ...source]
  return [
    {
      kind: 'table',
      caption: `${counted(items.length, 'item')} that could not be read${items.length > MAX_LISTED ? `, the first ${MAX_LISTED}` : ''}`,
      columns: [{ title: 'where' }, { title: 'why' }],
      rows: items.slice(0, MAX_LISTED).map(({ item, reason }) => [item, reason]),
    },
    ...source,
  ]
}
