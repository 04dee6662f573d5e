import { type Dataset, gather } from '../data/index.ts'
import { filterGrid, imageGridPng } from '../figures/index.ts'
import {
  accuracyScore,
  argmax,
  type ClassificationPredictions,
  confusionMatrix,
  precisionRecallF1,
  softmax,
  wilsonInterval,
} from '../metrics/index.ts'
import { type StateDict, stateDict } from '../nn/index.ts'
import type { Execution } from '../runs/index.ts'
import type { Experiment, Prepared } from '../train/index.ts'
import type { FilterPicture, Mistake, RunReportExtras } from './content.ts'
import { imageSections } from './images/index.ts'

/** Pictures of mistakes in a report. */
const MISTAKES = 10

/** What a report shows beside the run's own files, from a run that has just ended. */
export async function runExtras(
  { state, test }: Execution,
  prepared: Prepared,
  of: { readonly experiment: Experiment; readonly seed: number },
): Promise<RunReportExtras> {
  const filters = await firstFilters(stateDict(state.variables))
  const images = await imageSections({ state, ...(test && { test }) }, prepared, of)
  const shared = { ...(filters && { filters }), ...(images.length > 0 && { images }) }
  if (test === undefined || test.predictions.task !== 'classification' || prepared.target.task !== 'classification')
    return shared
  const { scores, classes, targets } = test.predictions
  const predicted = argmax(scores, classes)
  const value = accuracyScore(targets, predicted)
  const { low, high } = wilsonInterval(Math.round(value * targets.length), targets.length)
  return {
    ...shared,
    testAccuracy: { value, low, high, n: targets.length },
    confusion: confusionMatrix(targets, predicted, classes).counts,
    perClass: perClass(targets, predicted, prepared.target.classes),
    mistakes: await worstMistakes(test.predictions, predicted, prepared.test.dataset, prepared.target.classes),
    lossAtChance: Math.log(classes),
  }
}

function perClass(targets: Int32Array, predicted: Int32Array, classes: readonly string[]) {
  const { precision, recall, f1, support } = precisionRecallF1(targets, predicted, classes.length, { average: 'none' })
  return classes.map((name, i) => ({
    name,
    precision: precision[i] ?? 0,
    recall: recall[i] ?? 0,
    f1: f1[i] ?? 0,
    support: support[i] ?? 0,
  }))
}

/** Wrong predictions that the network was surest of, with their images; nothing where the inputs are no images. */
async function worstMistakes(
  { scores, classes }: ClassificationPredictions,
  predicted: Int32Array,
  dataset: Dataset,
  names: readonly string[],
): Promise<Mistake[]> {
  const { inputs, targets } = dataset
  const [channels, height, width] = inputs.shape
  if (targets.task !== 'classification' || channels === undefined || height === undefined || width === undefined)
    return []
  const probabilities = softmax(scores, classes)
  const confidence = (i: number) => probabilities[i * classes + (predicted[i] ?? 0)] ?? 0
  const wrong = Array.from(predicted, (_, i) => i).filter((i) => predicted[i] !== targets.labels[i])
  const worst = wrong.sort((a, b) => confidence(b) - confidence(a)).slice(0, MISTAKES)
  return Promise.all(
    worst.map(async (index) => ({
      png: await imageGridPng([
        { data: (await gather(dataset, Uint32Array.of(index))).inputs, shape: [channels, height, width] },
      ]),
      label: names[targets.labels[index] ?? 0] ?? '',
      predicted: names[predicted[index] ?? 0] ?? '',
      confidence: confidence(index),
      index,
    })),
  )
}

/** The filters of the first convolution, the first weights with four axes. */
async function firstFilters(weights: StateDict): Promise<FilterPicture | undefined> {
  const found = Object.entries(weights).find(([, { shape }]) => shape.length === 4)
  if (found === undefined) return undefined
  const [name, { shape, data }] = found
  const [out = 1, channels = 1, height = 1, width = 1] = shape
  const grid = await filterGrid({ data, shape: [out, channels, height, width] })
  return { ...grid, layer: name.replace(/\.weight$/, '') }
}
