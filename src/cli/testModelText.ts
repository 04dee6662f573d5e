import pc from 'picocolors'
import { argmax, softmax } from '../metrics/index.ts'
import type { Answer, Judgement, Samples, Score, StoredComparison, TestedModel } from '../runs/testModel/index.ts'
import { isShare, metric, percent, table } from './output.ts'

/** What `assay test-model` has found out. */
export interface Tested {
  readonly model: TestedModel
  readonly samples: Samples
  readonly answer: Answer
  readonly judgement: Judgement | undefined
  readonly stored: StoredComparison | undefined
  readonly classes: readonly string[]
}

/** Rows of predictions that are shown, and of pairs of classes that are confused. */
const ROWS = 10
/** Predictions in a JSON document; all of them go to a file. */
const MOST_IN_JSON = 1000
/** A confusion matrix of more classes is too wide for a terminal. */
const MOST_CLASSES = 15
/** Numbers of a prediction that are shown. */
const MOST_NUMBERS = 6
/** Likeliest classes that are named for a sample. */
const LIKELY = 3

export function testModelText(tested: Tested): string {
  const { model, samples, judgement, stored } = tested
  const { length } = samples.indices
  const parts = [`${pc.bold(model.name)} on ${samples.name}: ${length.toLocaleString('en')} samples`]
  if (judgement === undefined) parts.push(predictionsText(tested))
  else {
    parts.push(scoresText(judgement.scores))
    if (judgement.confusion !== undefined) parts.push(confusionText(judgement, tested.classes))
  }
  if (samples.leftOut.length > 0) {
    const shown = samples.leftOut.slice(0, ROWS).map(({ item, reason }) => `  ${item}: ${reason}`)
    parts.push([`${samples.leftOut.length} left out:`, ...shown].join('\n'))
  }
  if (stored !== undefined && stored.state !== 'different') parts.push(`The predictions are ${stored.text}.`)
  return parts.join('\n\n')
}

export function testModelJson({ model, samples, answer, judgement, stored, classes }: Tested) {
  return {
    model: model.name,
    data: samples.name,
    samples: samples.indices.length,
    fingerprint: samples.dataset.fingerprint,
    ...(classes.length > 0 && { classes }),
    ...(judgement && {
      scores: Object.fromEntries(judgement.scores.map(({ name, ...score }) => [name, score])),
      ...(judgement.confusion && { confusion: judgement.confusion.counts }),
      ...(judgement.perClass && { perClass: judgement.perClass }),
    }),
    ...(judgement === undefined && {
      ...(answer.predictions.task === 'classification' && { counts: countsOf(answer, classes) }),
      predictions: saidOf({ answer, samples, classes }, MOST_IN_JSON),
    }),
    ...(stored && { stored }),
    leftOut: samples.leftOut,
    notes: [...model.notes, ...samples.notes],
  }
}

function scoresText(scores: readonly Score[]): string {
  const rows = scores.map(({ name, value, interval, noInterval = '' }) => {
    const shown = (number: number): string =>
      isShare(name) ? percent(number) : Number(number.toPrecision(4)).toString()
    return [
      name,
      Number.isNaN(value) ? 'undefined' : metric(name, value),
      interval === undefined ? noInterval : `${shown(interval.low)} to ${shown(interval.high)}`,
      interval?.method ?? '',
    ]
  })
  return table([{ head: '' }, { head: 'value', align: 'right' }, { head: '95 % interval' }, { head: 'by' }], rows)
}

function confusionText({ confusion, perClass = [] }: Judgement, classes: readonly string[]): string {
  const perClassTable = table(
    [{ head: 'class' }, ...['samples', 'precision', 'recall', 'F1'].map((head) => ({ head, align: 'right' as const }))],
    perClass.map((one) => [
      one.class,
      one.samples.toLocaleString('en'),
      // Nothing can be recalled of a class without samples.
      ...[one.precision, one.recall, one.f1].map((share) => (one.samples === 0 ? '–' : percent(share))),
    ]),
  )
  if (confusion === undefined) return perClassTable
  const { counts } = confusion
  if (counts.length <= MOST_CLASSES)
    return [
      perClassTable,
      table(
        [{ head: 'is ↓  predicted →' }, ...classes.map((head) => ({ head, align: 'right' as const }))],
        counts.map((row, i) => [classes[i] ?? String(i), ...row.map((count) => (count === 0 ? '·' : String(count)))]),
      ),
    ].join('\n\n')
  const pairs = counts
    .flatMap((row, i) =>
      row.map((count, j) => ({ is: classes[i] ?? '', predicted: classes[j] ?? '', count, wrong: i !== j })),
    )
    .filter(({ wrong, count }) => wrong && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, ROWS)
  return [
    perClassTable,
    'Most often confused:',
    table(
      [{ head: 'is' }, { head: 'predicted' }, { head: 'times', align: 'right' }],
      pairs.map(({ is, predicted, count }) => [is, predicted, String(count)]),
    ),
  ].join('\n\n')
}

/** What is said of each sample, of the first ones. */
function predictionsText({ answer, samples, classes }: Tested): string {
  const said = saidOf({ answer, samples, classes }, ROWS)
  const origin = samples.origins?.column ?? 'index'
  const rows = said.map((one) =>
    'outputs' in one
      ? [String(one.sample), numbersText(one.outputs)]
      : [
          String(one.sample),
          one.predicted,
          one.likely.map(({ class: name, probability }) => `${name} ${percent(probability, 1)}`).join(', '),
        ],
  )
  const isClasses = answer.predictions.task === 'classification'
  const first = table(
    isClasses
      ? [{ head: origin }, { head: 'predicted' }, { head: 'likeliest' }]
      : [{ head: origin }, { head: 'predicted' }],
    rows,
  )
  const more = samples.indices.length - rows.length
  const counted = Object.entries(countsOf(answer, classes)).filter(([, count]) => count > 0)
  return [
    more > 0 ? `${first}\n… and ${more.toLocaleString('en')} more: all of them with --out` : first,
    ...(isClasses
      ? [
          table(
            [{ head: 'predicted class' }, { head: 'samples', align: 'right' }],
            counted.map(([name, count]) => [name, count.toLocaleString('en')]),
          ),
        ]
      : []),
  ].join('\n\n')
}

/** The first numbers of one prediction; that of an image has hundreds. */
const numbersText = (values: readonly number[]): string =>
  [
    ...values.slice(0, MOST_NUMBERS).map((value) => String(Number(value.toPrecision(5)))),
    ...(values.length > MOST_NUMBERS ? [`… (${values.length})`] : []),
  ].join(', ')

function countsOf({ predictions }: Answer, classes: readonly string[]): Record<string, number> {
  if (predictions.task === 'regression') return {}
  const counts = new Uint32Array(predictions.classes)
  for (const one of argmax(predictions.scores, predictions.classes)) counts[one] = (counts[one] ?? 0) + 1
  return Object.fromEntries(Array.from(counts, (count, c) => [classes[c] ?? String(c), count]))
}

/** Predictions of the first samples, in words. */
function saidOf(
  { answer: { predictions }, samples, classes }: Pick<Tested, 'answer' | 'samples' | 'classes'>,
  most: number,
) {
  const { origins, indices } = samples
  return Array.from(indices.subarray(0, most), (_, i) => {
    const sample = origins?.values[i] ?? i
    if (predictions.task === 'regression') {
      const { width = 1 } = predictions
      return { sample, outputs: [...predictions.outputs.subarray(i * width, (i + 1) * width)] }
    }
    const count = predictions.classes
    const shares = softmax(predictions.scores.subarray(i * count, (i + 1) * count), count)
    const likely = Array.from(shares, (probability, c) => ({ class: classes[c] ?? String(c), probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, LIKELY)
    return { sample, predicted: likely[0]?.class ?? '', likely }
  })
}
