/**
 * What the homework asks for by name: `test_model` loads a trained model and the test images and predicts; `feature_visualization` draws the features
 * of the first and the second layer of a convolutional one.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cellsOf, configHash, type Experiment } from 'assay'
import { chosenSamples, featurePictures } from 'assay/figures'
import { listRuns, type Run, readSummary } from 'assay/runs'
import {
  compareWithStored,
  fitSamples,
  type Judgement,
  judge,
  loadNetwork,
  namedClasses,
  predictSamples,
  samplesOfRun,
  testedNetwork,
  writeTested,
} from 'assay/runs/test-model'
import comparison from './experiment.ts'
import quick from './quick.ts'

export const MODELS = ['dense', 'leNet5', 'convNet', 'resNet18'] as const
export type Model = (typeof MODELS)[number]

/** The run of a model with the best accuracy on the validation images: the test images choose nothing. */
export async function best_run(model: Model, root = 'runs'): Promise<Run> {
  const { runs } = await listRuns(root)
  const trained = runs.filter(({ manifest }) => manifest.grid?.labels.experiment === model)
  const scored = await Promise.all(
    trained.map(async (run) => ({ run, accuracy: (await readSummary(run))?.validation?.accuracy?.last ?? 0 })),
  )
  const [best] = scored.sort((one, other) => other.accuracy - one.accuracy)
  if (best === undefined)
    throw new Error(`there is no run of ${model} in ${root}: train first, npx assay run experiment.ts`)
  return best.run
}

/**
 * Loads a trained model and the test images, predicts them all, and says how good that is.
 *
 * @returns loss, accuracy and F1 over the whole test set, each with its 95 % interval; the predictions are written beside the run
 */
export async function test_model(run: Run): Promise<Judgement> {
  const experiment = experimentOf(run)
  // The layers from the experiment, the weights and what the preparation had learnt from the run's folder.
  const model = testedNetwork(await loadNetwork(run, experiment), experiment)
  try {
    const images = fitSamples(await samplesOfRun(run, experiment, 'test'), model)
    const answer = await predictSamples(model, images)
    const classes = namedClasses(model, images)
    await writeTested(join(run.folder, 'test-model.csv'), images, answer.predictions, classes)
    const stored = await compareWithStored(run, answer.predictions)
    if (stored?.state === 'different')
      throw new Error(`${run.id} predicts otherwise than when it was trained: ${stored.text}`)
    return judge(answer, model.metrics, { classes, lossMetric: model.lossMetric })
  } finally {
    await model.dispose()
  }
}

/**
 * Draws what the first two convolutions of a model make of a few digits, and the filters of the first.
 *
 * @returns the folder of the pictures, in the run's own
 */
export async function feature_visualization(run: Run): Promise<string> {
  const experiment = experimentOf(run)
  const loaded = await loadNetwork(run, experiment)
  const model = testedNetwork(loaded, experiment)
  const folder = join(run.folder, 'figures', 'features')
  try {
    const images = fitSamples(await samplesOfRun(run, experiment, 'test'), model)
    const digits = chosenSamples(images, { perClass: 1 }).filter((_, digit) => [0, 4, 7].includes(digit))
    await mkdir(folder, { recursive: true })
    for (const { name, png, sentence } of await featurePictures(loaded, model, images, digits, { limit: 8 })) {
      await writeFile(join(folder, `${name}.png`), png)
      // In words, for those who do not see the picture.
      await writeFile(join(folder, `${name}.txt`), `${sentence}\n`)
    }
    return folder
  } finally {
    await model.dispose()
  }
}

/** The cell of the comparison that a run was trained by. */
function experimentOf({ id, manifest }: Run): Experiment {
  const cells = [...cellsOf(comparison), ...cellsOf(quick)]
  const found = cells.find(({ experiment }) => configHash(experiment, manifest.seed) === manifest.configHash)
  if (found === undefined) throw new Error(`${id} was trained by another experiment.ts than this one: train again`)
  return found.experiment
}
