import { describe, expect, it } from 'vitest'
import { constant } from './constant.ts'
import { cosine } from './cosine.ts'

const context = { stepsPerEpoch: 1, history: [] }

describe('cosine', () => {
  // torch.optim.lr_scheduler.CosineAnnealingLR(T_max=10, eta_min=0) on lr 1, PyTorch 1.13.
  it('falls as in PyTorch', () => {
    const pytorch = [
      1, 0.975528258, 0.904508497, 0.793892626, 0.654508497, 0.5, 0.345491503, 0.206107374, 0.0954915028, 0.0244717419,
    ]
    pytorch.forEach((value, step) => {
      expect(cosine().factor(step, 10, context)).toBeCloseTo(value, 8)
    })
  })

  it('ends at its minimum', () => {
    expect(cosine({ minimum: 0.1 }).factor(0, 100, context)).toBe(1)
    expect(cosine({ minimum: 0.1 }).factor(100, 100, context)).toBeCloseTo(0.1, 12)
  })

  it('refuses a minimum that is no share', () => {
    expect(() => cosine({ minimum: 2 })).toThrow('minimum')
  })
})

it('constant stays', () => {
  expect([0, 5, 10].map((step) => constant().factor(step, 10, context))).toEqual([1, 1, 1])
})
