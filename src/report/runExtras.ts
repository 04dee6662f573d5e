import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../errors.ts'
import { filterGrid } from '../figures/filterGrid.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import { decodeStateDict, type StateDict } from '../nn/index.ts'
import { loadWeights, type Manifest, metricOf, readManifest, readSummary, weightsOnly } from '../runs/index.ts'
import { type Experiment, initialVariables, type Prepared } from '../train/index.ts'
import type { FilterPicture, ImageSection, RunReportExtras } from './content.ts'
import { classified } from './evaluation/classified.ts'
import { regressionCharts } from './evaluation/regression.ts'
import { measureScores, usualMetrics } from './evaluation/scores.ts'
import { isFinitePredictions, storedPredictions } from './evaluation/stored.ts'
import { testedWeights } from './evaluation/testedWeights.ts'
import { imageSections } from './images/index.ts'

/** A run's experiment and its data: what a report needs to show samples. */
export interface RunData {
  readonly experiment: Experiment
  readonly prepared: Prepared
}

/**
 * What a report shows beside the manifest and the log, computed from what the run's folder keeps: test predictions and weights. With the
 * run's data it shows samples too, and images that the network makes.
 *
 * @param run - one that has ended, or at least has made a checkpoint
 * @throws UsageError when the folder is not a run's
 *
 * @example
 * await writeRunReport(run.folder, await runExtras(run, { experiment, prepared: await prepareRun(experiment, run) }))
 */
export async function runExtras({ folder }: { readonly folder: string }, data?: RunData): Promise<RunReportExtras> {
  const manifest = await readManifest(folder)
  const [predictions, weights, tested] = await Promise.all([
    storedPredictions(folder),
    storedWeights(folder),
    testedWeights(folder, manifest),
  ])
  const filters = weights && (await firstFilters(weights))
  const images = data === undefined ? [] : await imagesOf(folder, manifest, data, predictions)
  const shared: RunReportExtras = {
    ...(filters && { filters }),
    ...(images.length > 0 && { images }),
    ...(tested !== undefined && { tested }),
  }
  if (predictions === undefined) return shared
  if (!isFinitePredictions(predictions))
    return { ...shared, notes: ['Some test predictions are no finite numbers, so there is nothing to measure.'] }
  const scores = measureScores(predictions, [...(await listedMetrics(folder, manifest)), ...usualMetrics(predictions)])
  if (predictions.task === 'regression') return { ...shared, scores, charts: regressionCharts(predictions) }
  return { ...shared, scores, ...(await classified(predictions, scores, manifest, data?.prepared.test.dataset)) }
}

/** Metrics of the experiment, by what the run logged on its test split. */
async function listedMetrics(folder: string, { experiment }: Manifest) {
  const summary = await readSummary({ folder })
  return Object.keys(summary?.test ?? {}).flatMap((name) => (name === 'loss' ? [] : (metricOf(name, experiment) ?? [])))
}

/** Images that the network makes, where it makes some; they need weights that training ended with. */
async function imagesOf(
  folder: string,
  { seed }: Manifest,
  { experiment, prepared }: RunData,
  predictions: SplitPredictions | undefined,
): Promise<ImageSection[]> {
  const path = join(folder, 'checkpoints', 'final.safetensors')
  const variables = await loadWeights(path, initialVariables(prepared, seed)).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined
    throw error
  })
  if (variables === undefined) return []
  return imageSections({ variables, ...(predictions && { predictions }) }, prepared, { experiment, seed })
}

/** The weights that training ended with, or those of the last checkpoint. */
async function storedWeights(folder: string): Promise<StateDict | undefined> {
  for (const name of ['final', 'last'])
    try {
      return weightsOnly(decodeStateDict(await readFile(join(folder, 'checkpoints', `${name}.safetensors`))))
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      if (!isMissing && !(error instanceof UsageError)) throw error
    }
  return undefined
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
