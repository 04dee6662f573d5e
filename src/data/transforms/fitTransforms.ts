import { UsageError } from '../../errors.ts'
import type { SampleSet } from './preparedBlocks.ts'
import { TrainingSamples } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

/** What a fitted transform has seen. */
const seen = new WeakMap<FittedTransform, SampleSet>()

/**
 * Fits transforms one after the other, each on the training split as those before it made it. For the trainer, who has the
 * training split; the package does not give it out.
 *
 * @throws UsageError naming a transform that comes with what it learnt from other samples
 */
export async function fitTransforms(
  transforms: readonly Transform[],
  training: SampleSet,
): Promise<readonly FittedTransform[]> {
  const fitted: FittedTransform[] = []
  for (const [i, transform] of transforms.entries()) {
    const result = await transform.fit(new TrainingSamples(training, fitted))
    const before = seen.get(result)
    if (before !== undefined && !alike(before, training))
      throw new UsageError(
        `prepare.${i}, ${transform.kind}, gives what it learnt from ${before.indices.length} other samples of ${before.dataset.name}: ` +
          'give a transform that learns in its "fit", from what it is given there',
      )
    seen.set(result, training)
    fitted.push(result)
  }
  return fitted
}

const alike = (a: SampleSet, b: SampleSet): boolean =>
  a.dataset.fingerprint === b.dataset.fingerprint &&
  a.indices.length === b.indices.length &&
  a.indices.every((index, i) => index === b.indices[i])
