import { preparedBlocks, type SampleSet } from '../data/transforms/preparedBlocks.ts'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import { foldIn, key } from '../random/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { type Experiment, type Prepared, prepare, preparedShape } from '../train/index.ts'
import type { Answers, Baseline, FittedBaseline, Table } from './baseline.ts'

export interface BaselineOptions {
  /** Where the model's chance comes from (default the experiment's first seed). */
  readonly seed?: number
  /** The experiment's data, when they have been prepared already. */
  readonly prepared?: Prepared
}

/** What a model says of one split. */
export interface BaselineScores {
  /** By metric name: those of the experiment, computed as they are for networks. */
  readonly scores: Readonly<Record<string, number>>
  readonly predictions: SplitPredictions
}

export interface BaselineResult {
  readonly model: { readonly kind: string; readonly config: Readonly<Record<string, unknown>> }
  readonly seed: number
  /** That learning took. */
  readonly seconds: number
  /** Absent without such a split. */
  readonly validation?: BaselineScores
  readonly test?: BaselineScores
}

/**
 * Fits a classical model in the place of an experiment's network: on the same training split, prepared by the same transforms,
 * and judged by the same metrics on the same splits, so that one table can hold both. Samples become rows of numbers; they
 * are not augmented.
 *
 * @throws UsageError where the model is not for such data, or the experiment is wrong
 * @example
 * const { test } = await baseline(experiment, knn({ k: 5 }))
 * test?.scores.accuracy
 */
export async function baseline(
  experiment: Experiment,
  model: Baseline,
  { seed = experiment.seeds[0] ?? 0, prepared: given }: BaselineOptions = {},
): Promise<BaselineResult> {
  const prepared = given ?? (await prepare(experiment))
  const { train, validation, test, target } = prepared
  if (!model.tasks.includes(target.task))
    throw new UsageError(
      `${model.kind} is for ${model.tasks.join(' and ')}, and the data of ${experiment.name} are for ${target.task}: choose another model`,
    )
  const samples = await tableOf(train, prepared)
  const began = performance.now()
  const fitted = await model.fit(samples, answersOf(train), foldIn(key(seed), 'baseline'))
  const seconds = (performance.now() - began) / 1000
  const judge = async (split: SampleSet): Promise<BaselineScores | undefined> => {
    if (split.indices.length === 0) return undefined
    const predictions = await predictionsOf(fitted, split, prepared)
    const values = experiment.metrics.map((metric) => [metric.name, metric.compute(predictions)])
    return { scores: Object.fromEntries(values), predictions }
  }
  const [onValidation, onTest] = [await judge(validation), await judge(test)]
  return {
    model: { kind: model.kind, config: model.config },
    seed,
    seconds,
    ...(onValidation && { validation: onValidation }),
    ...(onTest && { test: onTest }),
  }
}

/** Samples as the experiment's network would have them, a row each. */
async function tableOf(split: SampleSet, { transforms, network }: Prepared): Promise<Table> {
  const rows = split.indices.length
  const width = sizeOf(preparedShape(network, split.dataset.inputs.shape))
  const data = new Float32Array(rows * width)
  let start = 0
  for await (const block of preparedBlocks(split, transforms)) {
    data.set(block, start)
    start += block.length
  }
  return { data, rows, width }
}

function answersOf({ dataset: { targets }, indices }: SampleSet): Answers {
  if (targets.task === 'classification')
    return {
      task: 'classification',
      labels: Int32Array.from(indices, (index) => targets.labels[index] ?? 0),
      classes: targets.classes.length,
    }
  const width = sizeOf(targets.shape)
  const values = new Float32Array(indices.length * width)
  for (const [row, index] of indices.entries())
    values.set(targets.values.subarray(index * width, (index + 1) * width), row * width)
  return { task: 'regression', values, width }
}

async function predictionsOf(model: FittedBaseline, split: SampleSet, prepared: Prepared): Promise<SplitPredictions> {
  const made = await model.predict(await tableOf(split, prepared))
  const answers = answersOf(split)
  return answers.task === 'classification'
    ? { task: 'classification', scores: made, classes: answers.classes, targets: answers.labels }
    : { task: 'regression', outputs: made, targets: answers.values, width: answers.width }
}
