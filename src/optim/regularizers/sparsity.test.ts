import { expect, it } from 'vitest'
import { sparsity } from '../index.ts'

const parameters = [
  { path: '0.weight', shape: [2, 3], data: Float32Array.of(0, 0, 0, 1, -0, 2) },
  { path: '0.bias', shape: [2], data: Float32Array.of(0, 1) },
  { path: '2.weight', shape: [2, 1, 1, 2], data: Float32Array.of(1, 1e-30, 0, 0) },
]

it('counts weights and whole units that are exactly 0', () => {
  expect(sparsity(parameters)).toEqual({
    weights: { zeros: 6, count: 10, share: 0.6 },
    units: { zeros: 2, count: 4, share: 0.5 },
    parameters: [
      { path: '0.weight', weights: { zeros: 4, count: 6, share: 4 / 6 }, units: { zeros: 1, count: 2, share: 0.5 } },
      { path: '2.weight', weights: { zeros: 2, count: 4, share: 0.5 }, units: { zeros: 1, count: 2, share: 0.5 } },
    ],
  })
})

it('counts those that it is told', () => {
  expect(sparsity(parameters, '*').weights).toEqual({ zeros: 7, count: 12, share: 7 / 12 })
  expect(sparsity(parameters, '*.bias').units).toEqual({ zeros: 1, count: 2, share: 0.5 })
  expect(sparsity([]).weights).toEqual({ zeros: 0, count: 0, share: 0 })
})
