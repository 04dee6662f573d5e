import type { Dataset } from '../../data/index.ts'
import {
  accuracyScore,
  argmax,
  type ClassificationPredictions,
  confusionMatrix,
  precisionRecallF1,
  wilsonInterval,
} from '../../metrics/index.ts'
import type { Manifest } from '../../runs/index.ts'
import type { RunReportExtras } from '../content.ts'
import { classifierCharts } from './classifier.ts'
import { notableSamples } from './judged.ts'
import type { MeasuredScore } from './scores.ts'
import { showSamples } from './shown.ts'

/** What a report shows of a classifier's test predictions; samples as they are where the test data are at hand. */
export async function classified(
  predictions: ClassificationPredictions,
  scores: readonly MeasuredScore[],
  { data: { classes: named, fingerprint } }: Manifest,
  test?: Dataset,
): Promise<RunReportExtras> {
  const { targets, classes } = predictions
  const names = named ?? Array.from({ length: classes }, (_, c) => String(c))
  const predicted = argmax(predictions.scores, classes)
  const value = accuracyScore(targets, predicted)
  const { low, high } = wilsonInterval(Math.round(value * targets.length), targets.length)
  const { mistakes, uncertain } = notableSamples(predictions, names)
  const isOther = test !== undefined && test.fingerprint !== fingerprint.test
  const shown = isOther ? undefined : test
  return {
    testAccuracy: { value, low, high, n: targets.length },
    confusion: confusionMatrix(targets, predicted, classes).counts,
    perClass: perClass(targets, predicted, names),
    charts: classifierCharts(predictions, names, scores),
    mistakes: shown ? await showSamples(mistakes, shown) : mistakes,
    uncertain: shown ? await showSamples(uncertain, shown) : uncertain,
    lossAtChance: Math.log(classes),
    ...(isOther && {
      notes: ['Samples are not shown: the test data are others now than those that the run was tested on.'],
    }),
  }
}

function perClass(targets: Int32Array, predicted: Int32Array, names: readonly string[]) {
  const { precision, recall, f1, support } = precisionRecallF1(targets, predicted, names.length, { average: 'none' })
  return names.map((name, i) => ({
    name,
    precision: precision[i] ?? 0,
    recall: recall[i] ?? 0,
    f1: f1[i] ?? 0,
    support: support[i] ?? 0,
  }))
}
