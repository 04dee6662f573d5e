import { formatShape, sizeOf } from '../../tensor/shape.ts'
import { advise } from './advice.ts'
import type { Answer, Field, NumberField, ProfileParts } from './profile.ts'
import { FEWEST, proposeSplit } from './proposeSplit.ts'
import { counted, listed, percent, short, whole } from './words.ts'

/**
 * Answers from the data what is asked before a model is trained: samples, problem, range, dimensions, missing values, label, split,
 * preprocessing.
 */
export const answersOf = (parts: ProfileParts): Answer[] => [
  { question: 'How many samples are there?', answer: samples(parts) },
  { question: 'Which problem do they pose?', answer: problem(parts) },
  { question: 'What are the smallest and the largest value?', answer: range(parts) },
  { question: 'What are the dimensions of a sample?', answer: dimensions(parts) },
  { question: 'Is anything missing?', answer: missing(parts) },
  { question: 'What is the label?', answer: label(parts) },
  { question: 'How should they be split?', answer: proposeSplit(parts) },
  { question: 'Which preprocessing do they need?', answer: advise(parts).join(' ') },
]

const NOUNS = { images: 'image', audio: 'sound', table: 'row', vectors: 'vector' } as const

const total = ({ splits }: ProfileParts): number => splits.reduce((sum, { samples: n }) => sum + n, 0)

function samples(parts: ProfileParts): string {
  const parted = parts.splits.filter(({ samples: n }) => n > 0)
  const all = counted(total(parts), NOUNS[parts.modality])
  if (parted.length < 2) return `${all}; there is no test split of its own.`
  return `${all}: ${parted.map(({ name, samples: n }) => `${whole(n)} to ${name}`).join(' and ')}.`
}

function problem({ problem: of, modality, splits }: ProfileParts): string {
  if (of.task === 'unknown' && modality !== 'table')
    return 'Not said: the samples have no labels. A folder for each class would give them some.'
  if (of.task === 'unknown')
    return 'Not said: no column was named as the target, and none has a name that targets use to have. Name it with --target.'
  const guess = of.guessed
    ? ` The column "${of.target}" was taken as the target for its name; say otherwise with --target.`
    : ''
  if (of.task === 'regression')
    return `Regression: a number, ${of.target}, is to be told from a ${NOUNS[modality]}.${guess}`
  if (of.classes.length < 2)
    return `None yet: all of ${of.target} is "${of.classes[0]}", so there is nothing to tell apart.${guess}`
  const kind = of.classes.length === 2 ? 'Binary classification' : 'Classification'
  const isName = of.classes.length > 2 * FEWEST && of.classes.length > (splits[0]?.samples ?? 0) / 2
  const doubt = isName ? ' Nearly every one has a class of its own, as of a name rather than a label.' : ''
  return `${kind}: each ${NOUNS[modality]} belongs to one of ${whole(of.classes.length)} classes.${doubt}${guess}`
}

const isNumber = (field: Field): field is NumberField => field.kind === 'number'

function range({ splits, dtype, modality }: ProfileParts): string {
  const fields = splits
    .flatMap((split) => split.fields.filter(isNumber))
    .filter(({ count, type }) => count > 0 && type !== 'date')
  if (fields.length === 0) return 'There are no numbers.'
  const [min, max] = [Math.min(...fields.map((f) => f.min)), Math.max(...fields.map((f) => f.max))]
  const names = [...new Set(fields.map(({ name }) => name))]
  const lowest = fields.find((f) => f.min === min)
  const highest = fields.find((f) => f.max === max)
  if (names.length === 1)
    return `${short(min)} and ${short(max)}${dtype === 'columns' ? '' : `, stored as ${dtype}`}; the mean is ${short(fields[0]?.mean ?? Number.NaN)}.`
  return `${short(min)} (in ${lowest?.name}) and ${short(max)} (in ${highest?.name}); each ${modality === 'images' || modality === 'audio' ? 'channel' : 'column'} has its own range, listed below.`
}

function dimensions({ modality, shape, splits, problem: of }: ProfileParts): string {
  const [channels = 1, height = 1, width = 1] = shape
  switch (modality) {
    case 'images':
      return `${formatShape(shape)}: ${counted(channels, 'channel')} of ${height} × ${width} pixels (height × width), ${whole(sizeOf(shape))} values.`
    case 'audio':
      return `${formatShape(shape)}: ${counted(channels, 'channel')} of ${whole(height)} values.`
    case 'table': {
      const all = splits[0]?.fields ?? []
      const fields = all.filter(({ name }) => of.task === 'unknown' || name !== of.target)
      const dates = fields.filter(({ type }) => type === 'date').length
      const numbers = fields.filter(isNumber).length - dates
      const kinds = [
        [numbers, 'of numbers'],
        [dates, 'of dates'],
        [fields.length - numbers - dates, 'of texts, categories or truth values'],
      ].flatMap(([count, kind]) => (count === 0 ? [] : [`${count} ${kind}`]))
      return `${counted(fields.length, 'column')}${fields.length < all.length ? ' beside the label' : ''}${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}.`
    }
    default:
      return `${formatShape(shape)}: ${counted(sizeOf(shape), 'number')}.`
  }
}

function missing({ splits, leftOut }: ProfileParts): string {
  const gaps = splits.flatMap(({ fields }) => fields.filter((field) => field.missing > 0))
  const values =
    gaps.length === 0
      ? 'No value is missing, and all numbers are finite.'
      : `Yes: ${listed(gaps.map((f) => `${f.name} (${whole(f.missing)}, ${percent(f.missing / (f.missing + f.count))})`))}.`
  const out =
    leftOut.length === 0
      ? ''
      : ` ${counted(leftOut.length, 'item')} of the source could not be read and was left out, listed below.`
  return values + (leftOut.length > 1 ? out.replace(' was left', ' were left') : out)
}

function label({ problem: of, splits }: ProfileParts): string {
  if (of.task === 'unknown') return 'None that is known.'
  if (of.task === 'regression')
    return `${of.target}: ${short(of.field.min)} to ${short(of.field.max)}, mean ${short(of.field.mean)}, standard deviation ${short(of.field.std)}.`
  const names = `${of.target}: ${listed(of.classes, 12)}.`
  const counts = splits[0]?.classCounts ?? []
  if (counts.length === 0) return names
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const nameOf = (n: number): string => of.classes[counts.indexOf(n)] ?? ''
  const all = counts.reduce((a, b) => a + b, 0)
  if (least === most)
    return `${names} Every class has ${counted(least, 'sample')}${splits.length > 1 ? ' to train' : ''}.`
  return `${names} The largest is ${nameOf(most)} (${whole(most)}, ${percent(most / all)}), the smallest ${nameOf(least)} (${whole(least)}, ${percent(least / all)})${splits.length > 1 ? ' of the training split' : ''}.`
}
