import { gather } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { argmax, type SplitPredictions, softmax } from '../metrics/index.ts'
import type { LoadedNetwork, Samples, TestedModel } from '../runs/testModel/index.ts'
import { sizeOf } from '../tensor/index.ts'
import type { FeatureInput } from './featureMaps.ts'

/** Samples to look at where nothing is said. */
const FEW = 4

/**
 * Positions of samples to look at: those that are given, the first of each class, or the first few.
 *
 * @throws UsageError where both ways are asked for, there is no such sample, or samples of each class are asked for and there are no classes
 */
export function chosenSamples(
  { indices, labelled, dataset: { targets }, name }: Samples,
  { inputs, perClass }: { readonly inputs?: readonly number[] | undefined; readonly perClass?: number | undefined },
): number[] {
  if (inputs !== undefined && perClass !== undefined)
    throw new UsageError('--inputs and --per-class both choose samples: give one of them')
  if (inputs !== undefined) {
    const beyond = inputs.find((input) => input >= indices.length)
    if (beyond === undefined) return [...inputs]
    throw new UsageError(`${name} has samples 0 to ${indices.length - 1}, and number ${beyond} is asked for`)
  }
  const hasClasses = labelled && targets.task === 'classification'
  if (perClass !== undefined && !hasClasses)
    throw new UsageError(`${name} has no classes: choose samples by their numbers, as in --inputs 0,5,17`)
  if (!hasClasses) return Array.from({ length: Math.min(FEW, indices.length) }, (_, i) => i)
  const wanted = perClass ?? 1
  return targets.classes.flatMap((_, label) => {
    const own: number[] = []
    for (let i = 0; i < indices.length && own.length < wanted; i++)
      if (targets.labels[indices[i] ?? 0] === label) own.push(i)
    return own
  })
}

/** Samples of a sheet that shows much of each. */
const SHEET = 6

/** {@link chosenSamples}; where nothing is said about six, from as many classes as can be. */
export function fewSamples(samples: Samples, choice: Parameters<typeof chosenSamples>[1]): number[] {
  const { labelled, dataset } = samples
  if (
    choice.inputs !== undefined ||
    choice.perClass !== undefined ||
    !labelled ||
    dataset.targets.task !== 'classification'
  )
    return chosenSamples(samples, choice)
  const perClass = Math.ceil(SHEET / dataset.targets.classes.length)
  return chosenSamples(samples, { perClass }).slice(0, SHEET)
}

/** Samples that are looked at, with what the network says of them. */
export interface ChosenInputs {
  readonly inputs: readonly FeatureInput[]
  /** All of them, `[n, …sample]`, as they are stored. */
  readonly data: Uint8Array | Float32Array
  readonly predictions: SplitPredictions
}

/**
 * Chosen samples, with their names and captions.
 *
 * @param chosen - positions in `samples`
 *
 * @example
 * const { inputs } = await chosenInputs(loaded, model, samples, chosenSamples(samples, { perClass: 1 }))
 */
export async function chosenInputs(
  { sample }: Pick<LoadedNetwork, 'sample'>,
  model: TestedModel,
  samples: Samples,
  chosen: readonly number[],
): Promise<ChosenInputs> {
  const indices = Uint32Array.from(chosen, (i) => samples.indices[i] ?? 0)
  const { inputs: data } = await gather(samples.dataset, indices)
  const { predictions } = await model.evaluate({ dataset: samples.dataset, indices })
  const size = sizeOf(sample)
  const inputs = chosen.map((position, i): FeatureInput => {
    const name = String(samples.origins?.values[position] ?? `sample ${position}`)
    return {
      data: data.slice(i * size, (i + 1) * size),
      shape: sample,
      name,
      caption: captionOf(name, samples, indices[i] ?? 0, predictions, i),
    }
  })
  return { inputs, data, predictions }
}

/** Lines under an input: which one it is, what it is, what the network says. */
function captionOf(
  name: string,
  { labelled, dataset: { targets } }: Samples,
  index: number,
  predictions: SplitPredictions,
  row: number,
): string[] {
  const which = name.length > 24 ? `…${name.slice(-23)}` : name
  if (predictions.task === 'regression' || targets.task === 'regression') return [which]
  const { classes, scores } = predictions
  const own = scores.subarray(row * classes, (row + 1) * classes)
  const [predicted = 0] = argmax(own, classes)
  const share = softmax(own, classes)[predicted] ?? Number.NaN
  return [
    labelled ? `${which}, is ${targets.classes[targets.labels[index] ?? 0] ?? ''}` : which,
    `predicted ${targets.classes[predicted] ?? predicted}, ${(100 * share).toFixed(0)} %`,
  ]
}
