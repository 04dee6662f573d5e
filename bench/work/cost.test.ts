import { expect, it } from 'vitest'
import { costOf } from './cost.ts'
import { works } from './index.ts'
import { sinMlp } from './sinMlp.ts'
import { flopsOf } from './work.ts'

it('counts what PyTorch counts', () => {
  const counted = works.map(({ name, network, sample }) => [name, costOf(network, sample).parameters])
  expect(Object.fromEntries(counted)).toEqual({
    'sin-mlp': 571,
    mlp: 235_146,
    convnet: 206_922,
    lenet5: 61_706,
    'resnet18-16': 701_178,
    'resnet18-64': 11_172_810,
    population: 571,
    'convnet-inference': 206_922,
    'resnet18-16-inference': 701_178,
  })
})

it('counts multiply-adds by hand', () => {
  const [convnet] = works.filter(({ name }) => name === 'convnet')
  const first = 16 * 9 * 28 * 28
  const second = 32 * 16 * 9 * 14 * 14
  expect(convnet && costOf(convnet.network, convnet.sample).multiplyAdds).toBe(
    first + second + 32 * 7 * 7 * 128 + 128 * 10,
  )
})

it('counts a step forward and twice back, for each member', () => {
  const weights = 5 + 50 + 4 * 100 + 50 + 5
  expect(flopsOf(sinMlp, 128)).toBe(2 * weights * 128 * 3)
  expect(flopsOf({ ...sinMlp, members: 64 }, 128)).toBe(64 * flopsOf(sinMlp, 128))
  expect(flopsOf({ ...sinMlp, task: 'inference' }, 1)).toBe(2 * weights)
})
