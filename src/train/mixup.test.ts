import { expect, it } from 'vitest'
import '../index.ts'
import { mse } from '../nn/index.ts'
import { beta, foldIn, key, keyData } from '../random/index.ts'
import { constant } from '../tensor/index.ts'
import { classify, trained } from '../testing/experiments.ts'
import { mixup } from './index.ts'
import { mixed } from './mixup.ts'

it('mixes each sample and each target with the next, by the share that the key gives', async () => {
  const [x, target] = [
    constant(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2], 'float32'),
    constant(Float32Array.of(0, 10, 20), [3, 1], 'float32'),
  ]
  const words = constant(keyData(key(7)), [2], 'uint32')
  const { x: mixture, loss } = mixed(mixup({ alpha: 0.7 }), x, target, words)
  const [share = Number.NaN] = beta(foldIn(key(7), 'mixup'), 1, 0.7, 0.7)
  const between = (a: number, b: number) => share * a + (1 - share) * b
  const values = await mixture.data()
  const expected = [between(1, 3), between(2, 4), between(3, 5), between(4, 6), between(5, 1), between(6, 2)]
  for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 5)
  const output = constant(Float32Array.of(0, 10, 20), [3, 1], 'float32')
  const [value] = await loss(mse(), output).data()
  expect(value).toBeCloseTo((1 - share) * ((100 + 100 + 400) / 3), 3)
})

it('leaves a batch of one as it is', async () => {
  const x = constant(Float32Array.of(1, 2), [1, 2], 'float32')
  const { x: mixture } = mixed(
    mixup(),
    x,
    constant(Float32Array.of(3), [1, 1], 'float32'),
    constant(keyData(key(0)), [2], 'uint32'),
  )
  expect([...(await mixture.data())]).toEqual([1, 2])
})

it('trains alike for a seed, and otherwise than without', async () => {
  const of = classify.with({ mixup: mixup({ alpha: 1 }) }).set('model.2.p', 0)
  const [once, again, plain] = [
    await trained(of, 0),
    await trained(of, 0),
    await trained(classify.set('model.2.p', 0), 0),
  ]
  expect(once.losses).toEqual(again.losses)
  expect(once.losses).not.toEqual(plain.losses)
})

it('refuses an alpha that is not above 0', () => {
  expect(() => mixup({ alpha: 0 })).toThrow('mixup: alpha is 0')
})
