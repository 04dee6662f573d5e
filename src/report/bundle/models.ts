import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeStateDict, encodeStateDict } from '../../nn/index.ts'
import { metricOf, weightsOnly } from '../../runs/index.ts'
import { type MeasuredScore, measureScores, usualMetrics } from '../evaluation/scores.ts'
import { isFinitePredictions, storedPredictions } from '../evaluation/stored.ts'
import type { ChosenRun } from './chosen.ts'
import { type BundleFile, type Gap, noted, type Part, required, textFile } from './file.ts'
import { modelReadme } from './modelReadme.ts'

/** Files of a run's folder that its model is made of, and whether it is whole without them. */
const OF_RUN = [
  ['manifest.json', 'what made the run: settings, seed, code, data, versions', true],
  ['metrics.jsonl', 'every value that was logged', true],
  ['summary.json', 'best and last of each metric', false],
  ['predictions.parquet', 'what the model said of each test example', true],
  ['model.onnx', 'the network with its preparation inside, for any ONNX runtime', true],
  ['split.json', 'which examples are in which split', false],
  ['preparation.json', 'what the preparation learnt on the training split', false],
  ['encoding.json', 'how rows of the table become numbers', false],
] as const

/** A model's folder: a run's folder without what only its training needs, which `assay test-model` takes as it takes a run. */
export async function modelPart({ folder, run, summary, because, name }: ChosenRun): Promise<Part> {
  const place = `models/${folder}`
  const files: BundleFile[] = []
  const gaps: Gap[] = []
  for (const [file, what, isRequired] of OF_RUN) {
    const path = join(run.folder, file)
    if ((await stat(path).catch(() => undefined))?.isFile())
      files.push({ path: `${place}/${file}`, content: { file: path }, what, run: run.id })
    else if (isRequired) gaps.push(required(place, `run ${run.id} has no ${file}: train it again, or restore the file`))
  }
  const weights = await weightsOf(run.folder, run.id, run.manifest.configHash)
  if ('gap' in weights) gaps.push(required(place, weights.gap))
  else
    files.push({
      path: `${place}/weights.safetensors`,
      content: weights,
      what: 'weights and running statistics, by PyTorch’s names',
      run: run.id,
    })
  const scores = await scoresOf(run.folder, run.manifest.experiment, Object.keys(summary.test ?? {}))
  if (scores.length === 0)
    gaps.push(noted(place, 'no scores with intervals: the predictions cannot be read, or are no finite numbers'))
  const has = (file: string): boolean => files.some(({ path }) => path === `${place}/${file}`)
  const readme = modelReadme({
    name,
    folder,
    run,
    because,
    scores,
    hasWeights: has('weights.safetensors'),
    hasOnnx: has('model.onnx'),
  })
  return {
    files: [...files, textFile(`${place}/README.md`, readme, 'what the model is, and how to run it', run.id)],
    gaps,
  }
}

async function weightsOf(
  folder: string,
  id: string,
  config: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly gap: string }> {
  const path = join(folder, 'checkpoints', 'final.safetensors')
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) return { gap: `the weights of run ${id} are gone: there is no ${path}` }
  try {
    return { bytes: encodeStateDict(weightsOnly(decodeStateDict(bytes)), { run: id, config }) }
  } catch (error) {
    return { gap: `the weights of run ${id} cannot be read: ${error instanceof Error ? error.message : error}` }
  }
}

async function scoresOf(
  folder: string,
  experiment: Parameters<typeof metricOf>[1],
  logged: readonly string[],
): Promise<MeasuredScore[]> {
  const predictions = await storedPredictions(folder)
  if (predictions === undefined || !isFinitePredictions(predictions)) return []
  const listed = logged.flatMap((name) => (name === 'loss' ? [] : (metricOf(name, experiment) ?? [])))
  return measureScores(predictions, [...listed, ...usualMetrics(predictions)])
}
