import pc from 'picocolors'
import type { CrossValidation, FitPlan, FoldResult } from '../../search/index.ts'
import { metric, table } from '../output.ts'

/** What is about to be trained, and how, in one sentence. */
export function planText({ fits, packs, programs, alone }: FitPlan, before: number): string {
  const known = before === 0 ? '' : `${before} ${before === 1 ? 'training is' : 'trainings are'} there already; `
  if (fits === 0) return `${known}none is left`
  const packed = packs.filter(({ fits: own }) => own.length > 1)
  const together = packed.reduce((sum, { fits: own }) => sum + own.length, 0)
  const reasons = Object.entries(alone).map(([why, count]) => `${count} alone, as ${why}`)
  const how = [
    ...(together > 0
      ? [`${together} packed, up to ${Math.max(...packed.map(({ fits: own }) => own.length))} at a time`]
      : []),
    ...reasons,
  ]
  return `${known}${fits} to train with ${programs} program${programs === 1 ? '' : 's'}: ${how.join('; ')}`
}

/** A row a training, and what they come to. */
export function scoresText(name: string, { results, scores, pooled, division, seeds }: CrossValidation): string {
  const names = Object.keys(scores)
  const isRepeated = division.folds.some(({ repeat }) => repeat > 0)
  const heads = [
    ...(isRepeated ? ['repeat'] : []),
    'fold',
    ...(seeds.length > 1 ? ['seed'] : []),
    'samples',
    ...names,
    'epochs',
  ]
  const samples = ({ repeat, fold }: FoldResult): number =>
    division.folds.find((one) => one.repeat === repeat && one.fold === fold)?.score.length ?? 0
  const rows = results.map((result) => [
    ...(isRepeated ? [String(result.repeat + 1)] : []),
    String(result.fold + 1),
    ...(seeds.length > 1 ? [String(result.seed)] : []),
    samples(result).toLocaleString('en'),
    ...(result.status === 'diverged'
      ? names.map((_, i) => (i === 0 ? 'diverged' : '–'))
      : names.map((one) => metric(one, result.scores[one] ?? Number.NaN))),
    result.bestEpoch === undefined
      ? String(result.epochs)
      : `${result.epochs}, best ${Number(result.bestEpoch.toFixed(1))}`,
  ])
  const right = (head: string) => ({ head, align: 'right' as const })
  const known = (value: number, text: string): string => (Number.isNaN(value) ? '–' : text)
  const summary = Object.entries(scores).map(([one, { mean, sd, low, high }]) => [
    one,
    known(mean, metric(one, mean)),
    known(sd, metric(one, sd)),
    known(low, `${metric(one, low)} to ${metric(one, high)}`),
    pooled[one] === undefined ? '–' : metric(one, pooled[one]),
  ])
  const level = 100 * (scores.loss?.level ?? 0.95)
  return [
    `\n${pc.bold(`${name}: scores on folds that were neither trained on nor watched`)}`,
    table(heads.map(right), rows),
    '',
    table(
      [
        { head: '' },
        right('mean'),
        right('standard deviation'),
        right(`${level} % interval of the mean`),
        right('all folds as one'),
      ],
      summary,
    ),
    'The interval is the corrected t-interval (Nadeau and Bengio): folds share training samples, and Student’s would be too narrow.',
  ].join('\n')
}
