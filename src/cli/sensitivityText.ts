import type { MeasuredRun } from '../figures/index.ts'
import { type Balance, type Measures, sharpnessText } from '../inspect/index.ts'
import { metric, percent, table } from './output.ts'

/** Which batch size balances the criteria, and how sure that is. */
export function balanceText({ choice, confidence, ranks }: Balance): string {
  const criteria = Object.keys(ranks[0]?.byCriterion ?? {}).join(', ')
  const first = `By the mean rank in ${criteria}, each over the seeds, batch size ${choice} balances them best.`
  if (confidence === undefined)
    return `${first} How sure that is, one seed cannot tell: train more, as with --seeds 0,1,2. ${JUDGED}`
  const shares = confidence
    .filter(({ share }) => share >= 0.005)
    .toSorted((a, b) => b.share - a.share)
    .map(({ choice: size, share }) => `${size} in ${percent(share, 0)}`)
  return `${first} Drawing the seeds anew, it is ${shares.join(', ')} of the draws. ${JUDGED}`
}

const JUDGED =
  'The samples that all were judged on took part in this choice: on new ones the chosen size may do worse than on them.'

/** Norms of the derivatives with respect to the input, by batch size. */
export function sensitivityText(runs: readonly MeasuredRun[]): string {
  const told = bySize(runs).map(({ batchSize, own }) => {
    const of = (value: (one: Measures) => number): string => short(mean(own.map((one) => value(one.measures))))
    return `${batchSize}: ${of((one) => one.lossGradient)} and ${of((one) => one.jacobian)}`
  })
  const count = runs[0]?.measures.samples.test ?? 0
  return `Mean norms over ${count} test samples, of the gradient of a sample's loss and of the Jacobian of the outputs, both with respect to the input as the model gets it, by batch size: ${told.join('; ')}.`
}

/** Both sharpnesses by batch size, and what float32 cannot tell. */
export function sharpnessSentence(runs: readonly MeasuredRun[]): string {
  const hidden = runs
    .map(({ measures: one }) => one.epsilonSharpness)
    .filter(({ isResolved }) => !isResolved)
    .toSorted((a, b) => b.resolution - a.resolution)
  const told = bySize(runs).map(({ batchSize, own }) => {
    const of = (name: 'epsilonSharpness' | 'adaptiveSharpness'): string => {
      const resolved = own.map(({ measures: one }) => one[name]).filter(({ isResolved }) => isResolved)
      if (resolved.length === 0) return 'below what float32 can tell'
      const some = resolved.length < own.length ? ` (the mean of ${resolved.length} of ${own.length} runs)` : ''
      return `${short(mean(resolved.map((one) => one.percent)))} %${some}`
    }
    return `${batchSize}: ${of('epsilonSharpness')} and ${of('adaptiveSharpness')}`
  })
  return [
    `ε-sharpness and adaptive sharpness by batch size, on ${runs[0]?.measures.samples.train ?? 0} training samples: ${told.join('; ')}.`,
    ...(hidden.length === 0
      ? []
      : [`In ${hidden.length} of ${runs.length} runs the ε-sharpness is ${hidden.map(sharpnessText)[0]}.`]),
    'Rescaling the weights of ReLU layers, which changes no output, changes the first and not the second.',
  ].join(' ')
}

/** A row a run. */
export function measuresTable(runs: readonly MeasuredRun[]): string {
  const columns = [
    'batch size',
    'seed',
    'train loss',
    'test loss',
    'accuracy',
    '‖∂L/∂x‖',
    '‖∂f/∂x‖',
    'ε-sharpness',
    'adaptive',
    'λ max',
    'trace',
  ]
  return table(
    columns.map((head) => ({ head, align: 'right' as const })),
    runs.map(({ batchSize, seed, scores, measures: one }) => [
      ...[String(batchSize), String(seed), short(scores.train.loss), short(scores.test.loss)],
      scores.test.accuracy === undefined ? '' : metric('accuracy', scores.test.accuracy),
      ...[short(one.lossGradient), short(one.jacobian)],
      ...[one.epsilonSharpness, one.adaptiveSharpness].map((sharp) =>
        sharp.isResolved ? `${short(sharp.percent)} %` : `< ${sharp.resolution.toExponential(1)} %`,
      ),
      short(one.topEigenvalue.value),
      `${short(one.trace.trace)} ± ${short(one.trace.standardError)}`,
    ]),
  )
}

const bySize = (runs: readonly MeasuredRun[]) =>
  [...new Set(runs.map(({ batchSize }) => batchSize))].map((batchSize) => ({
    batchSize,
    own: runs.filter((run) => run.batchSize === batchSize),
  }))

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const short = (value: number): string => String(Number(value.toPrecision(3)))
