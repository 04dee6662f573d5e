import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { tensor } from '../../tensor/index.ts'
import { evaluate, expectSound, real, whole } from '../../testing/check.ts'
import { fill, labels } from '../../testing/golden/formula.ts'
import { bce, bceOf, crossEntropy, crossEntropyOf, mse, mseOf, type TargetKind } from '../index.ts'

const classes = (count: number): TargetKind => ({
  task: 'classification',
  classes: Array.from({ length: count }, (_, i) => `${i}`),
})
const numbers = (...shape: number[]): TargetKind => ({ task: 'regression', shape })

describe('a loss refuses what it cannot compare, with the way out', () => {
  it.each([
    [
      '11 classes against 10 logits',
      crossEntropy(),
      [10],
      classes(11),
      'the model puts out 10 logits and the data have 11 classes: make the last layer linear(11)',
    ],
    [
      'maps for classes',
      crossEntropy(),
      [10, 4, 4],
      classes(10),
      'crossEntropy needs one logit a class, [classes], and the model puts out [10, 4, 4]: end it with flatten(), linear(classes)',
    ],
    [
      'numbers for crossEntropy',
      crossEntropy(),
      [1],
      numbers(1),
      'crossEntropy compares logits with class labels, and the data have numbers to predict: use mse()',
    ],
    [
      'classes for mse',
      mse(),
      [3],
      classes(3),
      'mse compares numbers, and the data have class labels: use crossEntropy()',
    ],
    [
      'two outputs for three numbers',
      mse(),
      [2],
      numbers(3),
      'the model puts out [2] for a sample and the data have [3] to predict: make the last layer fit, for instance linear(3)',
    ],
    [
      'three classes for bce',
      bce(),
      [1],
      classes(3),
      'bce needs two classes and one logit; the data have 3 classes and the model puts out [1]: end the model with linear(1), or use crossEntropy()',
    ],
    [
      'two logits for bce',
      bce(),
      [2],
      classes(2),
      'bce needs two classes and one logit; the data have 2 classes and the model puts out [2]',
    ],
    ['bce of other shapes', bce(), [2], numbers(3), 'bce: the model puts out [2] for a sample and the data have [3]'],
    [
      'targets beyond 1 for bce',
      bce(),
      [2],
      { task: 'regression', shape: [2], range: [0, 255] },
      "bce compares logits with targets from 0 to 1, and the data's reach from 0 to 255: scale them, or use mse()",
    ],
    [
      'targets below 0 for bce',
      bce(),
      [2],
      { task: 'regression', shape: [2], range: [-0.1, 1] },
      "the data's reach from -0.1 to 1",
    ],
  ] as const)('%s', (_, loss, output, target, message) => {
    expect(() => loss.check(output, target)).toThrow(message)
  })

  it('and takes what fits', () => {
    crossEntropy().check([11], classes(11))
    bce().check([1], classes(2))
    bce().check([3], numbers(3))
    bce().check([3], { task: 'regression', shape: [3], range: [0, 1] })
    mse().check([2, 2], numbers(2, 2))
  })

  it('tensors of other shapes too', () => {
    expect(() => mseOf(tensor([1, 2]), tensor([[1, 2]]))).toThrow(/mse: .*\[2\].*\[1, 2\] must be equal/)
    expect(() => bceOf(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(/bce: logits \[2\] and target \[3\] must be equal/)
    expect(() => crossEntropyOf(tensor([[1, 2]]), tensor([0, 1]))).toThrow(
      /logits \[1, 2\] and labels \[2\] do not fit/,
    )
  })
})

describe('losses and their gradients', () => {
  const logits = real([4, 3], fill(12, 0.4, 2))
  it('of crossEntropy, native, reference and slopes', async () => {
    await expectSound((z, y) => crossEntropy({ labelSmoothing: 0.2 }).apply(z, y), [logits, whole([4], labels(4, 3))])
  })

  it('of bce against labels, native, reference and slopes', async () => {
    await expectSound((z, y) => bce().apply(z, y), [real([4, 1], fill(4, 0.4, 3)), whole([4], [0, 1, 1, 0])])
  })

  it('of mse, native, reference and slopes', async () => {
    await expectSound((z, y) => mse().apply(z, y), [logits, real([4, 3], fill(12, 1.7, 1))])
  })

  it('of sums over a sample, native, reference and slopes; PyTorch’s reduction="sum" over the batch', async () => {
    const [z, y] = [real([4, 3], fill(12, 0.4, 2)), real([4, 3], fill(12, 1.7, 0.4, 0.5))]
    // binary_cross_entropy_with_logits(…, reduction="sum") / 4 and mse_loss(…, reduction="sum") / 4 of PyTorch 1.13 in float64
    for (const [loss, expected] of [
      [bce({ reduction: 'sum' }), 2.346766283781698],
      [mse({ reduction: 'sum' }), 4.853227497172371],
    ] as const) {
      expect(evaluate((output, target) => loss.apply(output, target), [z, y])[0]?.data[0]).toBeCloseTo(expected, 7)
      await expectSound((output, target) => loss.apply(output, target), [z, y])
      expect(loss.with?.({ reduction: 'mean' }).config).toEqual({ reduction: 'mean' })
      expect(() => loss.with?.({ reduction: 'none' })).toThrow(/reduction is "none"/)
    }
  })

  it('stay finite for logits far out', () => {
    const far = real([2, 2], [1e4, -1e4, -1e4, 1e4])
    const [wrong] = evaluate((z, y) => crossEntropy().apply(z, y), [far, whole([2], [1, 0])])
    expect(wrong?.data[0]).toBe(2e4)
    const [surprised] = evaluate((z, y) => bce().apply(z, y), [real([2, 1], [1e4, -1e4]), whole([2], [0, 1])])
    expect(surprised?.data[0]).toBe(1e4)
  })

  it('of chance are what textbooks say', () => {
    const even = real([3, 10], new Float32Array(30))
    for (const labelSmoothing of [0, 0.1])
      expect(
        evaluate((z, y) => crossEntropy({ labelSmoothing }).apply(z, y), [even, whole([3], [1, 2, 3])])[0]?.data[0],
      ).toBeCloseTo(Math.log(10), 6)
    expect(evaluate((z, y) => bce().apply(z, y), [real([1, 1], [0]), whole([1], [1])])[0]?.data[0]).toBeCloseTo(
      Math.log(2),
      12,
    )
  })
})

it('bce has its exact gradient at logit 0, where a zero-initialised head begins: σ(0) - y', () => {
  const [slope] = evaluate((z, y) => gradients(bceOf(z, y), z), [real([3], [0, 0, 2]), real([3], [1, 0, 0.5])])
  const expected = [-0.5, 0.5, 1 / (1 + Math.exp(-2)) - 0.5].map((value) => value / 3)
  expected.forEach((value, i) => {
    expect(slope?.data[i]).toBeCloseTo(value, 12)
  })
})
