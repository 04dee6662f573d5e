import pc from 'picocolors'
import {
  classesOf,
  type Field,
  type Profile,
  type Structure,
  strongestPairs,
  valueText,
} from '../data/profile/index.ts'
import { score, short, whole } from '../data/profile/words.ts'
import { percent, table } from './output.ts'

const right = (head: string) => ({ head, align: 'right' as const })

/** Items and pairs told on a terminal; all are in `--json`. */
const LISTED = 10

/** A profile as it is printed to a terminal. */
export function profileText(profile: Profile): string {
  const blocks = [
    pc.bold(profile.name),
    profile.answers.map(({ question, answer }, i) => `${pc.bold(`${i + 1}. ${question}`)}\n   ${answer}`).join('\n'),
    profile.splits.map((split) => titled(`Values (${split.name})`, fieldTable(split.fields))).join('\n\n'),
    ...classBlock(profile),
    ...meansBlock(profile),
    titled('Duplicates', duplicates(profile)),
    ...correlationBlock(profile),
    ...(profile.facts.length > 0
      ? [titled('Source', profile.facts.map(([name, value]) => `${name}: ${value}`).join('\n'))]
      : []),
    titled('Left out', leftOut(profile)),
  ]
  return blocks.join('\n\n')
}

const titled = (title: string, text: string): string => `${pc.bold(title)}\n${text}`

function fieldTable(fields: readonly Field[]): string {
  const heads = ['missing', 'unique', 'min', 'q25', 'median', 'q75', 'max', 'mean', 'std', 'outliers']
  const rows = fields.map((field) => {
    const common = [
      field.name,
      field.type,
      whole(field.missing),
      field.unique === undefined ? '–' : whole(field.unique),
    ]
    if (field.kind === 'text') {
      const [first] = field.top
      return [
        ...common,
        ...new Array<string>(heads.length - 2).fill(''),
        first === undefined ? '' : `${first.value} (${whole(first.count)})`,
      ]
    }
    const { min, q25, median, q75, max, mean, std, outliers } = field
    return [
      ...common,
      ...[min, q25, median, q75, max, mean].map((value) => valueText(field, value)),
      field.type === 'date' ? `${short(std)} days` : short(std),
      outliers ? whole(outliers.count) : '–',
      '',
    ]
  })
  const texts = fields.some(({ kind }) => kind === 'text')
  const columns = [
    { head: 'name' },
    { head: 'type' },
    ...heads.map(right),
    ...(texts ? [{ head: 'most frequent' }] : []),
  ]
  const note = fields.some((field) => field.kind === 'number' && field.outliers)
    ? '\nOutliers: values below q25 − 1.5 IQR or above q75 + 1.5 IQR.'
    : ''
  const notes = fields.flatMap((field) =>
    field.kind === 'text' && field.note ? [`\n${field.name}: ${field.note}`] : [],
  )
  return (
    table(
      columns,
      rows.map((row) => row.slice(0, columns.length)),
    ).replace(/ +$/gm, '') +
    note +
    notes.join('')
  )
}

function classBlock({ problem, splits }: Profile): string[] {
  const classes = classesOf(problem)
  if (classes === undefined || classes.length === 0) return []
  const columns = [{ head: 'class' }, ...splits.flatMap(({ name }) => [right(name), right('share')])]
  const rows = classes
    .slice(0, 50)
    .map((name, c) => [
      name,
      ...splits.flatMap(({ classCounts = [], samples }) => [
        whole(classCounts[c] ?? 0),
        percent((classCounts[c] ?? 0) / samples, 1),
      ]),
    ])
  const more = classes.length > 50 ? `\nand ${whole(classes.length - 50)} more classes` : ''
  return [titled('Classes', table(columns, rows) + more)]
}

function meansBlock({ sampleMeans, modality }: Profile): string[] {
  if (sampleMeans?.outliers === undefined) return []
  const { name, min, median, max, outliers } = sampleMeans
  return [
    `The ${name} of the ${modality === 'audio' ? 'sounds' : modality} goes from ${short(min)} over ${short(median)} (median) to ${short(max)}; ${whole(outliers.count)} of them lie beyond Tukey’s fences (${short(outliers.low)}, ${short(outliers.high)}).`,
  ]
}

function duplicates({ duplicates: of, splits }: Profile): string {
  const { withinTrain, withinTest, between, conflicting, examples } = of
  const parted = splits.length > 1
  const lines = [
    `${whole(withinTrain)} ${parted ? 'in the training split' : 'that repeat another sample'}`,
    ...(parted
      ? [`${whole(withinTest)} in the test split`, `${whole(between)} test samples that are in the training split too`]
      : []),
    `${whole(conflicting)} contents under more than one label`,
    ...examples,
  ]
  return lines.join('\n')
}

function correlationBlock({ correlation }: Profile): string[] {
  const pairs = correlation === undefined ? [] : strongestPairs(correlation, LISTED)
  if (pairs.length === 0) return []
  const rows = pairs.map(({ a, b, r }) => [a, b, r.toFixed(3)])
  return [
    titled('Strongest correlations (Pearson’s r)', table([{ head: 'column' }, { head: 'with' }, right('r')], rows)),
  ]
}

function leftOut({ leftOut: items }: Profile): string {
  if (items.length === 0) return 'Nothing: all of the source was read.'
  const lines = items.slice(0, LISTED).map(({ item, reason }) => `${item}: ${reason}`)
  return [
    ...lines,
    ...(items.length > LISTED ? [`and ${whole(items.length - LISTED)} more (all with --json)`] : []),
  ].join('\n')
}

/** What clusters and projections say, as it is printed to a terminal. */
export function structureText({ sentences, clusterings }: Structure): string {
  const rows = clusterings.map((one) => [
    one.method,
    whole(one.clusters),
    whole(one.noise),
    one.silhouette === undefined ? '–' : score(one.silhouette, 3),
    one.adjustedRand === undefined ? '–' : score(one.adjustedRand, 3),
  ])
  const columns = [{ head: 'method' }, ...['clusters', 'noise', 'silhouette', 'adjusted Rand'].map(right)]
  return titled('Structure', [...sentences, ...(rows.length > 0 ? ['', table(columns, rows)] : [])].join('\n'))
}
