import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fill } from '../../testing/golden/fill.ts'
import { type Averaging, ema, swa } from '../index.ts'

const golden = z
  .array(
    z.strictObject({
      kind: z.enum(['ema', 'swa']),
      config: z.record(z.string(), z.union([z.number(), z.boolean()])),
      averages: z.array(z.array(z.number())),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/averaging.json', import.meta.url), 'utf8')))

const plain: Readonly<Record<'ema' | 'swa', Averaging>> = { ema: ema({ warmup: false }), swa: swa() }

describe('averages are those of PyTorch’s AveragedModel', () => {
  it.each(golden.map((one) => [`${one.kind} ${JSON.stringify(one.config)}`, one] as const))('%s', (_, one) => {
    const averaging = plain[one.kind].with(one.config)
    const average = new Float32Array(6).fill(9)
    expect(one.averages).toHaveLength(8)
    one.averages.forEach((expected, updates) => {
      averaging.update(average, fill(6, updates + 1, 1), updates)
      expected.forEach((value, i) => {
        expect(Math.abs((average[i] ?? Number.NaN) - value), `update ${updates}`).toBeLessThan(3e-7)
      })
    })
  })
})

/** The steps after which weights are taken. */
const taken = (averaging: Averaging, epochs: number, stepsPerEpoch: number) =>
  Array.from({ length: epochs * stepsPerEpoch }, (_, i) => i + 1).filter((step) =>
    averaging.due(step, epochs * stepsPerEpoch, { stepsPerEpoch }),
  )

describe('weights are taken', () => {
  it('after every step for a moving average', () => {
    expect(taken(ema(), 2, 3)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('at the ends of the last epochs for stochastic weight averaging', () => {
    expect(taken(swa(), 20, 3)).toEqual([48, 51, 54, 57, 60])
    expect(taken(swa({ start: 2 }), 5, 2)).toEqual([6, 8, 10])
    expect(taken(swa({ start: 0.3, every: 2 }), 10, 1)).toEqual([4, 6, 8, 10])
    expect(taken(swa({ start: 0.29 }), 100, 1)[0]).toBe(30)
    expect(taken(swa({ start: 0 }), 3, 1)).toEqual([1, 2, 3])
  })

  it('at least once, however short the training is', () => {
    for (const start of [0, 0.5, 0.75, 0.999])
      for (let epochs = 1; epochs < 12; epochs++)
        expect(taken(swa({ start, every: 20 }), epochs, 2).length, `${start} of ${epochs}`).toBe(1)
  })
})

it('says what it is', () => {
  expect(ema().with({ decay: 0.9 }).config).toEqual({ decay: 0.9, warmup: true })
  expect(swa().with({ every: 2 }).config).toEqual({ start: 0.75, every: 2 })
  expect(plain).toMatchObject({ ema: { kind: 'ema' }, swa: { kind: 'swa' } })
})

it.each([
  [() => ema({ decay: 1 }), /^ema: decay is 1/],
  [() => swa({ start: 1.5 }), /^swa: start is 1.5: give a share of the epochs below 1/],
  [() => swa({ every: 0 }), /^swa: every is 0/],
  [() => taken(swa({ start: 3 }), 3, 4), /^swa: it starts after epoch 3 and the training has 3: give less/],
])('impossible options are refused: %s', (make, message) => {
  expect(make).toThrow(message)
})
