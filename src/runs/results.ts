import { gather } from '../data/index.ts'
import { argmax, type SplitPredictions, softmax } from '../metrics/index.ts'
import { encodeStateDict, stateDict } from '../nn/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { type Experiment, type FitResult, inferenceOnnx, type Prepared, type State } from '../train/index.ts'
import { type Predictions, writePredictions } from './predictions.ts'
import { writePreparation } from './preparation.ts'
import type { RunWriter } from './writer.ts'

/** The one look at the test split, with the weights that training ended with. */
export async function testOnce({ metrics }: Experiment, prepared: Prepared, { evaluate }: FitResult) {
  const { loss, predictions } = await evaluate(prepared.test)
  const values = metrics.map((metric) => [metric.name, metric.compute(predictions)] as const)
  return { scores: { loss, ...Object.fromEntries(values) }, predictions }
}

/** Predictions, preparation, and the weights that training ended with, as `final.safetensors` and in the network's file; what cannot be made again comes first. */
export async function keepResults(
  run: RunWriter,
  prepared: Prepared,
  state: State,
  predictions: SplitPredictions | undefined,
) {
  if (predictions !== undefined) {
    const rows = rowsOf(predictions)
    const path = `${run.folder}/predictions.parquet`
    if (rows.task === 'classification') await writePredictions(path, rows)
    else await writePredictions(path, { ...rows, ...(await singleInputs(prepared.test)) })
  }
  await writePreparation(run, prepared.transforms)
  const { id, configHash: hash } = run.manifest
  await run.checkpoint('final', encodeStateDict(stateDict(state.variables), { run: id, config: hash }))
  await run.writeBytes('model.onnx', inferenceOnnx(prepared, state.variables, { run: id, config: hash }))
}

/** What went in, where that is one number a sample. */
async function singleInputs({ dataset, indices }: Prepared['test']): Promise<{ readonly inputs?: Float32Array }> {
  if (sizeOf(dataset.inputs.shape) !== 1) return {}
  return { inputs: Float32Array.from((await gather(dataset, indices)).inputs) }
}

/**
 * What a network said of samples as tables keep it: classes with their probabilities, or values.
 *
 * @param index number of each sample; default counted from 0
 */
export function rowsOf(predictions: SplitPredictions, index?: Int32Array): Predictions {
  if (predictions.task === 'classification') {
    const { scores, classes, targets: label } = predictions
    return {
      task: 'classification',
      index: index ?? counting(label.length),
      label,
      predicted: argmax(scores, classes),
      probabilities: softmax(scores, classes),
      classCount: classes,
    }
  }
  const { targets, outputs, width = 1 } = predictions
  return { task: 'regression', targets, outputs, width, index: index ?? counting(targets.length / width) }
}

const counting = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)
