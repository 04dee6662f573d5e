import { createDataset, storageTypeOf } from '../data/index.ts'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { confusionMatrixFigure, type Figure, type SavedPicture, sampleSheet, trainingCurves } from '../figures/index.ts'
import { softmax } from '../metrics/index.ts'
import type { RunReportExtras } from '../report/index.ts'
import { BATCH_LOSS, type Execution, readMetrics } from '../runs/index.ts'
import { formatShape, sizeOf } from '../tensor/index.ts'
import { evaluator } from '../train/evaluate.ts'
import type { Experiment, Prepared, Scores } from '../train/index.ts'
import { type Predicted, type Prediction, predictedKind } from './predicted.ts'

/** A run that was trained in this process, and what it is usually asked. */
export interface TrainedRun {
  /** Of the run's folder. */
  readonly id: string
  readonly folder: string
  readonly status: Execution['status']
  /** Scores on the whole test split, of a run that has finished. */
  readonly test: Scores | undefined
  /** Path of the page on it. */
  readonly report: string
  readonly experiment: Experiment
  readonly prepared: Prepared
  readonly execution: Execution
  /** Loss and metrics over the epochs. */
  curves(): Promise<Figure>
  /**
   * Which test samples were taken for which class.
   *
   * @throws UsageError of a network that tells no classes apart
   */
  confusionMatrix(): Figure
  /**
   * The test images that the network was surest of and wrong about.
   *
   * @throws UsageError where there are none
   */
  mistakes(): Promise<SavedPicture>
  /**
   * What the network says of new samples.
   *
   * @param inputs one sample after the other, as the data source gives them: before the preparation
   * @throws UsageError where they are no whole samples
   * @example
   * await run.predict(Uint8Array.from(drawing)) // shows the drawing and the likeliest classes
   */
  predict(inputs: Uint8Array | Float32Array): Promise<Predicted>
}

export const trainedRunKind = new ResultKind<TrainedRun>()

interface Parts {
  readonly experiment: Experiment
  readonly prepared: Prepared
  readonly execution: Execution
  readonly extras: RunReportExtras
  readonly report: string
}

export function trainedRun({ experiment, prepared, execution, extras, report }: Parts): TrainedRun {
  const { id, folder, status, test, state } = execution
  const evaluate = evaluator(prepared, experiment.loss, state)
  return trainedRunKind.mark({
    ...{ id, folder, status, report, experiment, prepared, execution },
    test: test?.scores,
    curves: async () => trainingCurves((await readMetrics({ folder })).filter(({ name }) => name !== BATCH_LOSS)),
    confusionMatrix: () => {
      const { confusion } = extras
      if (confusion === undefined || prepared.target.task !== 'classification')
        throw new UsageError(`run ${id} has no classified test samples, so there is no confusion matrix`)
      return confusionMatrixFigure(confusion, prepared.target.classes)
    },
    mistakes: async () => {
      const images = (extras.mistakes ?? []).flatMap((sample) =>
        sample.image ? [{ ...sample, image: sample.image }] : [],
      )
      if (images.length === 0) throw new UsageError(`run ${id} has no test images that it is wrong about`)
      return sampleSheet(images, 'surest mistakes')
    },
    predict: async (inputs) => {
      const dataset = asked(inputs, prepared)
      const { predictions } = await evaluate({
        dataset,
        indices: Uint32Array.from({ length: dataset.length }, (_, i) => i),
      })
      const { shape } = dataset.inputs
      return predictedKind.mark({ predictions: predictionsOf(predictions, prepared), inputs, shape })
    },
  })
}

/** Samples whose targets are zeros that nobody looks at. */
function asked(inputs: Uint8Array | Float32Array, { train, target }: Prepared) {
  const { shape } = train.dataset.inputs
  const type = storageTypeOf(train.dataset.inputs)
  const length = inputs.length / sizeOf(shape)
  if (!Number.isInteger(length) || length === 0)
    throw new UsageError(`predict: ${inputs.length} numbers are no whole samples of ${formatShape(shape)}`)
  if ((type === 'uint8') !== inputs instanceof Uint8Array)
    throw new UsageError(
      `predict: the network was trained on ${type}: give a ${type === 'uint8' ? 'Uint8Array of values from 0 to 255' : 'Float32Array'}`,
    )
  const targets =
    target.task === 'classification'
      ? { task: target.task, labels: new Int32Array(length), classes: target.classes }
      : { task: target.task, values: new Float32Array(length * sizeOf(target.shape)), shape: target.shape }
  return createDataset({ name: 'new samples', inputs: { data: inputs, shape }, targets })
}

function predictionsOf(
  predictions: NonNullable<Execution['test']>['predictions'],
  { target }: Prepared,
): readonly Prediction[] {
  if (predictions.task === 'regression') {
    const { outputs, width = 1 } = predictions
    return Array.from({ length: outputs.length / width }, (_, i) => ({
      task: 'regression',
      outputs: [...outputs.subarray(i * width, (i + 1) * width)],
    }))
  }
  const { scores, classes } = predictions
  const shares = softmax(scores, classes)
  const names = target.task === 'classification' ? target.classes : []
  return Array.from({ length: scores.length / classes }, (_, i) => {
    const probabilities = [...shares.subarray(i * classes, (i + 1) * classes)]
      .map((probability, c) => ({ class: names[c] ?? String(c), probability }))
      .sort((a, b) => b.probability - a.probability)
    return { task: 'classification', predicted: probabilities[0]?.class ?? '', probabilities }
  })
}
