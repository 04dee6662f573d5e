import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { bernoulli, foldIn, key, randomBits } from '../../random/index.ts'
import { createDataset, type DataSource, type Dataset, inMemory } from '../dataset.ts'

const schema = z.strictObject({
  share: z.number().min(0).max(1),
  seed: z.int().nonnegative(),
})

export interface RandomLabelsOptions {
  /** Share of the training samples whose labels are drawn anew; default 1, all. */
  readonly share?: number
  /** Other seeds draw other labels; default 0. It does not follow the experiment's seeds: they share one set of labels. */
  readonly seed?: number
}

/**
 * Another source's samples with labels that have nothing to do with them: each training sample is chosen with probability `share`, and its label is drawn evenly
 * from all classes, its own among them. The test split keeps its true labels. What a network learns of such data, it has by heart.
 *
 * Source: Zhang et al., Understanding deep learning requires rethinking generalization, 2017
 *
 * @throws UsageError for an option out of range; at loading, where there are no classes or the samples are not in memory
 *
 * @example
 * const { train, test } = await randomLabels(mnist(), { share: 0.5 }).load()
 */
export function randomLabels(source: DataSource, options: RandomLabelsOptions = {}): DataSource {
  const { share, seed } = parsed({ share: 1, seed: 0, ...options })
  return {
    kind: 'randomLabels',
    config: { source: { kind: source.kind, ...source.config }, share, seed },
    load: async (hooks) => {
      const splits = await source.load(hooks)
      return { ...splits, train: relabelled(splits.train, share, seed) }
    },
  }
}

function parsed(options: unknown): z.infer<typeof schema> {
  const { success, data, error } = schema.safeParse(options)
  if (success) return data
  const [issue] = error.issues
  throw new UsageError(
    `randomLabels: ${issue?.path.join('.') || 'the options'}: ${issue?.message}; give { share: 0 to 1, seed: a whole number }`,
  )
}

function relabelled(dataset: Dataset, share: number, seed: number): Dataset {
  const { inputs, targets, length: _, fingerprint: __, ...beside } = inMemory(dataset)
  if (targets.task !== 'classification')
    throw new UsageError(`randomLabels: ${dataset.name} has numbers to predict and no classes: give a classification`)
  const { classes } = targets
  const chosen = bernoulli(foldIn(key(seed), 'chosen'), dataset.length, share)
  const words = randomBits(foldIn(key(seed), 'labels'), new Uint32Array(dataset.length))
  const labels = targets.labels.map((label, i) =>
    chosen[i] === 1 ? Math.floor(((words[i] ?? 0) / 2 ** 32) * classes.length) : label,
  )
  return createDataset({ ...beside, inputs, targets: { ...targets, labels } })
}
