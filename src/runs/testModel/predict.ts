import type { SplitPredictions } from '../../metrics/index.ts'
import type { Answer, TestedModel } from './model.ts'
import type { Samples } from './samples.ts'

export interface PredictOptions {
  /** Called between parts; what it throws ends the predicting. */
  onProgress?(done: number, total: number): void | Promise<void>
}

/** Samples between two calls of `onProgress`: a multiple of the evaluation's batch, so that no batch is another than without. */
const PART = 5_000

/**
 * What a model says of samples, in their order. Samples that are kept on disk are read batch by batch; outputs are kept whole.
 *
 * @example
 * const { predictions } = await predictSamples(model, fitSamples(samples, model))
 */
export async function predictSamples(
  model: TestedModel,
  { dataset, indices }: Samples,
  { onProgress }: PredictOptions = {},
): Promise<Answer> {
  const parts: { readonly answer: Answer; readonly count: number }[] = []
  for (let done = 0; done < indices.length; done += PART) {
    await onProgress?.(done, indices.length)
    const part = indices.subarray(done, done + PART)
    parts.push({ answer: await model.evaluate({ dataset, indices: part }), count: part.length })
  }
  await onProgress?.(indices.length, indices.length)
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only.answer
  const losses = parts.map(({ answer, count }) => (answer.loss ?? Number.NaN) * count)
  const loss = losses.reduce((sum, value) => sum + value, 0) / indices.length
  return {
    ...(only?.answer.loss !== undefined && { loss }),
    predictions: joined(parts.map(({ answer }) => answer.predictions)),
  }
}

function joined(parts: readonly SplitPredictions[]): SplitPredictions {
  const [first] = parts
  if (first === undefined) throw new Error('there are no predictions to join')
  if (first.task === 'classification') {
    const own = parts.flatMap((part) => (part.task === 'classification' ? [part] : []))
    return {
      ...first,
      scores: filled(
        own.map(({ scores }) => scores),
        (length) => new Float32Array(length),
      ),
      targets: filled(
        own.map(({ targets }) => targets),
        (length) => new Int32Array(length),
      ),
    }
  }
  const own = parts.flatMap((part) => (part.task === 'regression' ? [part] : []))
  return {
    ...first,
    outputs: filled(
      own.map(({ outputs }) => outputs),
      (length) => new Float32Array(length),
    ),
    targets: filled(
      own.map(({ targets }) => targets),
      (length) => new Float32Array(length),
    ),
  }
}

/** One array end to end. */
function filled<A extends Float32Array | Int32Array>(arrays: readonly A[], make: (length: number) => A): A {
  const whole = make(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    whole.set(array, at)
    at += array.length
  }
  return whole
}
