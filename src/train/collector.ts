import type { SplitPredictions } from '../metrics/index.ts'
import type { TargetKind } from '../nn/index.ts'
import { sizeOf, type TypedArray } from '../tensor/index.ts'
import type { Seen } from './snapshot.ts'

/**
 * Gathers outputs and targets batch by batch, so that metrics are computed over whole splits, and the mean loss over all
 * samples (a last batch that is smaller counts for what it has).
 */
export interface Collector {
  add(batch: { readonly loss: number; readonly output: TypedArray; readonly targets: TypedArray }): void
  /** Mean loss over the samples so far. */
  readonly loss: number
  /** Samples so far. */
  readonly count: number
  predictions(): SplitPredictions
  reset(): void
  /** What has been gathered so far, but for the targets. */
  readonly seen: Seen
  /** Goes on from what another collector had gathered of these targets. */
  restore(seen: Seen, targets: TypedArray): void
}

/** @param samples most that will be added between two resets; 0 where predictions are not asked for, but the loss alone */
export function collector(target: TargetKind, samples: number): Collector {
  const isClasses = target.task === 'classification'
  const targetWidth = isClasses ? 1 : sizeOf(target.shape)
  const outputWidth = isClasses ? target.classes.length : targetWidth
  const outputs = new Float32Array(samples * outputWidth)
  const labels = new Int32Array(isClasses ? samples : 0)
  const values = new Float32Array(isClasses ? 0 : samples * targetWidth)
  let count = 0
  let lossSum = 0
  return {
    add: ({ loss, output, targets }) => {
      const batch = targets.length / targetWidth
      lossSum += loss * batch
      if (samples > 0) {
        outputs.set(isClasses ? asScores(output, batch, outputWidth) : output, count * outputWidth)
        if (isClasses) labels.set(targets, count)
        else values.set(targets, count * targetWidth)
      }
      count += batch
    },
    get loss() {
      return lossSum / count
    },
    get count() {
      return count
    },
    predictions: () =>
      isClasses
        ? {
            task: 'classification',
            scores: outputs.subarray(0, count * outputWidth),
            classes: outputWidth,
            targets: labels.subarray(0, count),
          }
        : {
            task: 'regression',
            outputs: outputs.subarray(0, count * outputWidth),
            targets: values.subarray(0, count * targetWidth),
            width: targetWidth,
          },
    reset: () => {
      count = 0
      lossSum = 0
    },
    get seen() {
      return { samples: count, lossSum, outputs: outputs.subarray(0, samples > 0 ? count * outputWidth : 0) }
    },
    restore: (seen, targets) => {
      count = seen.samples
      lossSum = seen.lossSum
      if (samples === 0) return
      outputs.set(seen.outputs)
      if (isClasses) labels.set(targets)
      else values.set(targets)
    },
  }
}

/** One logit for two classes (binary cross-entropy) stands for the logits 0 and z. */
function asScores(output: TypedArray, batch: number, classes: number): TypedArray {
  if (output.length === batch * classes) return output
  const scores = new Float32Array(batch * classes)
  for (let i = 0; i < batch; i++) scores[i * classes + 1] = output[i] ?? 0
  return scores
}
