import * as z from 'zod'
import { accuracyScore, argmax } from '../../metrics/index.ts'
import type { Answer, TestedModel } from '../../runs/testModel/index.ts'
import type { Samples } from '../lossFunction.ts'

/** How a network does on one split. */
export const splitScoresSchema = z.object({
  loss: z.number(),
  /** Of classifiers. */
  accuracy: z.number().optional(),
  samples: z.int(),
})

/** How a network does on the samples that it learnt from, and on others; both measured in the same way, after training, dropout off. */
export const runScoresSchema = z.object({ train: splitScoresSchema, test: splitScoresSchema })

export type SplitScores = z.infer<typeof splitScoresSchema>
export type RunScores = z.infer<typeof runScoresSchema>

/**
 * Loss and accuracy of a trained network on both splits, all samples of each.
 *
 * @example
 * const { train, test } = await runScores(testedNetwork(loaded, experiment), { train, test })
 * test.loss - train.loss // the generalisation gap
 */
export async function runScores(
  model: Pick<TestedModel, 'evaluate'>,
  splits: { readonly train: Samples; readonly test: Samples },
): Promise<RunScores> {
  return {
    train: scoresOf(await model.evaluate(splits.train), splits.train),
    test: scoresOf(await model.evaluate(splits.test), splits.test),
  }
}

function scoresOf({ loss = Number.NaN, predictions }: Answer, { indices }: Samples): SplitScores {
  if (predictions.task === 'regression') return { loss, samples: indices.length }
  const { scores, classes, targets } = predictions
  return { loss, accuracy: accuracyScore(targets, argmax(scores, classes)), samples: indices.length }
}
