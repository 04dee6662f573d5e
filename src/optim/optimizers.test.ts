import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fill } from '../testing/golden/formula.ts'
import {
  adadelta,
  adagrad,
  adam,
  adamW,
  lion,
  makeUpdater,
  nadam,
  type Optimizer,
  radam,
  rmsProp,
  sgd,
} from './index.ts'

const kinds = z.enum(['sgd', 'adam', 'adamW', 'rmsProp', 'adagrad', 'adadelta', 'nadam', 'radam', 'lion'])
const golden = z
  .array(
    z.strictObject({
      kind: kinds,
      config: z.record(z.string(), z.union([z.number(), z.boolean()])),
      parameters: z.record(z.string(), z.array(z.number())),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('../testing/golden/optimizers.json', import.meta.url), 'utf8')))

const makers: Readonly<Record<z.infer<typeof kinds>, Optimizer>> = {
  sgd: sgd({ lr: 0.1, momentum: 0.9 }),
  adam: adam(),
  adamW: adamW(),
  rmsProp: rmsProp(),
  adagrad: adagrad(),
  adadelta: adadelta(),
  nadam: nadam(),
  radam: radam(),
  lion: lion(),
}

// NAdam follows the paper and later versions where PyTorch 1.13 differs; Lion is in no version (see optimizers.py).
describe('fifty steps go where they go in PyTorch', () => {
  it.each(golden.map((one) => [`${one.kind} ${JSON.stringify(one.config)}`, one] as const))('%s', (_, one) => {
    const optimizer = makers[one.kind].with(one.config)
    const updater = makeUpdater(optimizer, 12)
    const [x, g] = [updater.parameters.view, updater.gradients.view]
    x.set(fill(12, 0.4, 1.5))
    for (let step = 1; step <= 50; step++) {
      g.set(x.map((value) => value - 0.5 + 0.3 * Math.sin(3 * value + 0.1 * step)))
      updater.step(step)
      for (const [i, expected] of (one.parameters[step] ?? []).entries())
        expect(Math.abs((x[i] ?? Number.NaN) - expected), `number ${i} after step ${step}`).toBeLessThan(2e-4)
    }
  })

  it('has a golden case for every optimiser', () => {
    expect(new Set(golden.map(({ kind }) => kind))).toEqual(new Set(Object.keys(makers)))
  })
})
