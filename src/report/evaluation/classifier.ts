import { type PrecisionRecallSeries, precisionRecallFigure } from '../../figures/precisionRecallCurves.ts'
import { reliabilityFigure } from '../../figures/reliability.ts'
import { type RocSeries, rocFigure } from '../../figures/rocCurves.ts'
import {
  type ClassificationPredictions,
  precisionRecallCurve,
  reliabilityBins,
  rocAuc,
  rocAucScore,
  rocCurve,
  softmax,
} from '../../metrics/index.ts'
import { areaInterval, bootstrapInterval, type Interval } from '../../metrics/uncertainty/index.ts'
import type { Chart } from '../content.ts'
import { boundsOf, type MeasuredScore } from './scores.ts'

/** Classes whose curves are drawn one by one; of more, those with the smallest areas. */
const MOST_CLASSES = 12

/** ROC, precision-recall and calibration of a classifier's test predictions. */
export function classifierCharts(
  { targets, scores, classes }: ClassificationPredictions,
  names: readonly string[],
  measured: readonly MeasuredScore[],
): Chart[] {
  const probabilities = softmax(scores, classes)
  const intervalOf = (name: string) => boundsOf(measured.find((score) => score.name === name)?.interval)
  const areas = rocAucScore(targets, probabilities, classes, { average: 'none' })
  // The order of the classes is that of the legend.
  const drawn =
    classes === 2
      ? [1]
      : areas
          .flatMap((value, c) => (Number.isNaN(value) ? [] : [{ c, value }]))
          .sort((a, b) => a.value - b.value)
          .slice(0, MOST_CLASSES)
          .map(({ c }) => c)
          .sort((a, b) => a - b)
  if (drawn.length === 0 || drawn.every((c) => Number.isNaN(areas[c])))
    return [calibration(targets, probabilities, classes)]
  const nameOf = (c: number): string => names[c] ?? String(c)
  const averages = classes === 2 ? [] : (['macro', 'micro'] as const)
  const roc: RocSeries[] = [
    ...drawn.map((c) => ({
      name: nameOf(c),
      curve: rocCurve(targets, probabilities, classes, c),
      ...withInterval(boundsOf(areaInterval(targets, probabilities, classes, { of: c }))),
    })),
    ...averages.map((average) => ({
      name: `${average} average`,
      isAverage: true,
      curve: rocCurve(targets, probabilities, classes, average),
      ...withInterval(
        average === 'macro'
          ? intervalOf('rocAucMacro')
          : microInterval({ task: 'classification', targets, scores, classes }),
      ),
    })),
  ]
  const pr: PrecisionRecallSeries[] = [
    ...drawn.map((c) => ({
      name: nameOf(c),
      curve: precisionRecallCurve(targets, probabilities, classes, c),
      ...withInterval(classes === 2 ? intervalOf('averagePrecisionClass1') : undefined),
    })),
    ...(classes === 2
      ? []
      : [
          {
            name: 'micro average',
            isAverage: true,
            curve: precisionRecallCurve(targets, probabilities, classes, 'micro'),
          },
        ]),
  ]
  const part =
    drawn.length < classes && classes > 2
      ? ` Of ${classes} classes the ${drawn.length} with the smallest areas are drawn.`
      : ''
  const against = classes === 2 ? `${nameOf(1)} against ${nameOf(0)}` : 'Each class against the rest'
  const bootstrapped = classes === 2 ? '' : ' (averages: BCa bootstrap of the examples)'
  return [
    {
      name: 'roc',
      section: 'ranking',
      figure: rocFigure(roc),
      caption: `${against}, with the area under the curve and its 95% interval over test examples, by DeLong’s method${bootstrapped}. The diagonal is chance.${part}${classes === 2 ? '' : ' The macro average is the mean of the classes’ curves, the micro average pools all pairs of example and class.'}`,
    },
    {
      name: 'precision-recall',
      section: 'ranking',
      figure: precisionRecallFigure(pr),
      caption: `${against}, with average precision${classes === 2 ? ' and its 95% interval (BCa bootstrap of the examples)' : ''}. The dashed line is what chance gets: the share of the class.${part}`,
    },
    calibration(targets, probabilities, classes),
  ]
}

const calibration = (targets: Int32Array, probabilities: Float32Array, classes: number): Chart => ({
  name: 'calibration',
  section: 'calibration',
  figure: reliabilityFigure(reliabilityBins(targets, probabilities, classes)),
  caption:
    'How often the model is right when it is so sure: on the diagonal it is calibrated, below it overconfident, above it underconfident. Below, how many test examples each bin holds; few examples make long rules (Wilson’s 95% interval).',
})

const withInterval = (interval: Interval | undefined) => (interval === undefined ? {} : { interval })

/** Pairs of example and class are many: fewer resamples, which a legend's digits do not show. */
const MICRO_RESAMPLES = 300
const MOST_PAIRS = 1e6

function microInterval(predictions: ClassificationPredictions): Interval | undefined {
  if (predictions.scores.length > MOST_PAIRS) return undefined
  const options = { resamples: MICRO_RESAMPLES, jackknifeParts: 100 }
  return bootstrapInterval(rocAuc({ average: 'micro' }), predictions, options)
}
