import { describe, expect, it } from 'vitest'
import '../index.ts'
import {
  createDataset,
  type DataSource,
  gather,
  type Inputs,
  standardize,
  type Targets,
  type Transform,
} from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { accuracy, mse as mseMetric } from '../metrics/index.ts'
import {
  batchNorm2d,
  crossEntropy,
  flatten,
  globalAvgPool2d,
  linear,
  maxPool2d,
  mse,
  relu,
  sequential,
  softmax,
} from '../nn/index.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { sine, stripes } from '../testing/made.ts'
import { prepare } from './index.ts'

/** A source that, unlike `arrays`, does not look at what it loads. */
function unchecked(
  inputs: Inputs,
  targets: Targets,
  test: Inputs = { ...inputs, data: inputs.data.slice(0, 0) },
): DataSource {
  const none: Targets =
    targets.task === 'classification'
      ? { ...targets, labels: new Int32Array() }
      : { ...targets, values: new Float32Array() }
  return {
    kind: 'unchecked',
    config: {},
    load: async () => ({
      train: createDataset({ name: 'made', inputs, targets }),
      test: createDataset({ name: 'made', inputs: test, targets: none }),
    }),
  }
}

const points = (...values: number[]): Inputs => ({ data: Float32Array.from(values), shape: [2] })
const labelled = (...labels: number[]): Targets => ({
  task: 'classification',
  labels: Int32Array.from(labels),
  classes: ['a', 'b', 'c'],
})

describe('prepare', () => {
  const small = classify.with({ split: { validation: 0 }, prepare: [] })

  it.each([
    [
      'NaN in the data',
      small.with({ data: unchecked(points(1, 2, 3, Number.NaN), labelled(0, 1)) }),
      'train: value 1 of the input of sample 1 is NaN; drop the sample or fill in a finite number',
    ],
    [
      'a label outside the range',
      small.with({ data: unchecked(points(1, 2, 3, 4), labelled(0, 3)) }),
      'train: the label of sample 1 is 3 and there are 3 classes; labels are whole numbers from 0 to 2',
    ],
    [
      'a target that is infinite',
      small.with({
        data: unchecked(points(1, 2), { task: 'regression', values: Float32Array.of(Infinity), shape: [1] }),
      }),
      'train: value 0 of the target of sample 0 is Infinity',
    ],
    ['no samples', small.with({ data: unchecked(points(), labelled()) }), 'train holds no sample: give at least one'],
    [
      'test samples of another shape',
      small.with({ data: unchecked(points(1, 2), labelled(0), { data: new Float32Array(), shape: [3] }) }),
      'made: the test split is float32 [3] with classes a, b, c and the training split float32 [2] with classes a, b, c; make them alike',
    ],
    [
      'fewer logits than classes',
      small.with({ model: sequential(linear(2)) }),
      'the model puts out 2 logits and the data have 3 classes: make the last layer linear(3)',
    ],
    [
      'a loss for another task',
      small.with({ data: sine() }),
      'crossEntropy compares logits with class labels, and the data have numbers to predict: use mse()',
    ],
    [
      'a metric for another task',
      small.with({ data: sine(), loss: mse(), model: linear(1), metrics: [mseMetric(), accuracy()] }),
      'the metric accuracy is for classification and the data are for regression',
    ],
    [
      'a layer that does not fit',
      convolve.with({ model: sequential(relu(), sequential({ pool: maxPool2d(9) })) }),
      'layer "1.pool", MaxPool2d(kernel 9), cannot take [1, 1, 6, 6]: maxPool2d: a window of 9×9 does not fit on a 6×6 map',
    ],
    [
      'a validation split of everything',
      small.with({ split: { validation: 90 } }),
      'validation is 90 of the 90 samples of clouds: give a count from 1 to 89',
    ],
    [
      'numbers to stratify by',
      small.with({
        data: sine(),
        loss: mse(),
        model: linear(1),
        metrics: [],
        split: { validation: 5, stratify: true },
      }),
      'sine has numbers as targets, so it cannot be stratified by class: leave stratify out',
    ],
  ])('refuses %s before anything is trained', async (_, of, message) => {
    await expect(prepare(of)).rejects.toThrow(UsageError)
    await expect(prepare(of)).rejects.toThrow(message)
  })

  it('divides the same way for every seed of the experiment, and otherwise for another seed of the split', async () => {
    const [one, other] = [await prepare(classify), await prepare(classify.with({ seeds: [5] }))]
    expect(other.validation.indices).toEqual(one.validation.indices)
    const moved = await prepare(classify.set('split.seed', 1))
    expect(moved.validation.indices).not.toEqual(one.validation.indices)
    expect(new Set([...one.train.indices, ...one.validation.indices]).size).toBe(90)
    expect(one.validation.indices).toHaveLength(18)
  })

  it('fits transforms on the training part alone, one on what the other made, and applies them to every split', async () => {
    const counts: number[] = []
    const spying = (inner: Transform): Transform => ({
      ...inner,
      fit: (samples) => {
        counts.push(samples.length)
        return inner.fit(samples)
      },
    })
    const { train, transforms } = await prepare(
      classify.with({ prepare: [spying(standardize()), spying(standardize())] }),
    )
    expect(counts).toEqual([72, 72])
    const { inputs } = await gather(train.dataset, train.indices)
    const first = Array.from({ length: 72 }, (_, i) => inputs[2 * i] ?? 0)
    const mean = first.reduce((sum, value) => sum + value, 0) / 72
    const std = Math.sqrt(first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 72)
    const near = (value: number) => expect.closeTo(value, 5)
    expect(transforms[0]?.state).toMatchObject({
      mean: [near(mean), expect.anything()],
      std: [near(std), expect.anything()],
    })
    expect(transforms[1]?.state).toMatchObject({ mean: [near(0), near(0)], std: [near(1), near(1)] })
  })
})

it('a last batch that a layer cannot train on is refused before the first step', async () => {
  const steps: number[] = []
  const ofOne = convolve.with({
    data: stripes(17),
    model: sequential(globalAvgPool2d(), batchNorm2d(), flatten(), linear(2)),
    loss: crossEntropy(),
  })
  await expect(trained(ofOne, 0, { onStart: () => void steps.push(0) })).rejects.toThrow(
    /layer "1", BatchNorm2d, cannot take \[1, 1, 1, 1\]: .*more than one value a channel/,
  )
  expect(steps).toEqual([])
})

describe('a softmax that the loss has inside', () => {
  it.each([
    ['at the end', sequential(linear(8), relu(), linear(3), softmax())],
    ['at the end of a part', sequential(linear(8), sequential(linear(3), softmax()))],
  ])('%s of the model is refused', async (_, model) => {
    await expect(prepare(classify.with({ model }))).rejects.toThrow(
      'the model ends with softmax() and the loss crossEntropy has it inside already: leave it out',
    )
  })

  it('inside the model is its own affair', async () => {
    await prepare(classify.with({ model: sequential(linear(8), softmax(), linear(3)) }))
  })
})
