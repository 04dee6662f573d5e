import { UsageError } from '../../errors.ts'
import { argmax, type SplitPredictions } from '../../metrics/index.ts'
import type { LoadedNetwork, Samples } from '../../runs/testModel/index.ts'

/** Which output of each sample is explained. */
export function explainedOutputs(
  what: string,
  count: number,
  { target }: Pick<LoadedNetwork, 'target'>,
  { dataset: { targets }, indices, labelled, name }: Samples,
  chosen: readonly number[],
  predictions: SplitPredictions,
): Int32Array {
  const all = (output: number): Int32Array => new Int32Array(chosen.length).fill(output)
  const named = target.task === 'classification' ? target.classes.indexOf(what) : -1
  if (named >= 0) return all(count === 1 ? 0 : named)
  if (/^\d+$/.test(what) && Number(what) < count) return all(Number(what))
  if (what === 'predicted') {
    if (predictions.task === 'regression' || count === 1) {
      if (count === 1) return all(0)
      throw new UsageError(`the model predicts ${count} numbers: say which is to be explained, as in --output 0`)
    }
    return Int32Array.from(argmax(predictions.scores, predictions.classes))
  }
  if (what === 'true') {
    if (!labelled || targets.task !== 'classification')
      throw new UsageError(`${name} has no classes, so that none is true: give --output predicted or a number`)
    return Int32Array.from(chosen, (i) => targets.labels[indices[i] ?? 0] ?? 0)
  }
  throw new UsageError(
    `--output is "${what}": give predicted, true, a number from 0 to ${count - 1}${target.task === 'classification' ? `, or one of ${target.classes.slice(0, 12).join(', ')}` : ''}`,
  )
}
