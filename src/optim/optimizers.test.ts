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
  type ParameterPlace,
  parameterGroups,
  radam,
  rmsProp,
  sgd,
} from './index.ts'

const kinds = z.enum(['sgd', 'adam', 'adamW', 'rmsProp', 'adagrad', 'adadelta', 'nadam', 'radam', 'lion'])
const cases = z.array(
  z.strictObject({
    kind: kinds,
    config: z.record(z.string(), z.union([z.number(), z.boolean()])),
    parameters: z.record(z.string(), z.array(z.number())),
  }),
)
type Case = z.infer<typeof cases>[number]
const read = (name: string) =>
  cases
    .parse(JSON.parse(readFileSync(new URL(`../testing/golden/${name}.json`, import.meta.url), 'utf8')))
    .map((one) => [`${one.kind} ${JSON.stringify(one.config)}`, one] as const)
const golden = read('optimizers')

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

/** Fifty steps over a bowl with ripples, whose learning rate falls by `decay` after each. */
function follow(one: Case, optimizer: Optimizer, parameters: readonly ParameterPlace[], decay = 1): void {
  const updater = makeUpdater(optimizer, parameters)
  const [x, g] = [updater.parameters.view, updater.gradients.view]
  x.set(fill(12, 0.4, 1.5))
  for (let step = 1; step <= 50; step++) {
    g.set(x.map((value) => value - 0.5 + 0.3 * Math.sin(3 * value + 0.1 * step)))
    updater.step(step, optimizer.lr * decay ** (step - 1))
    for (const [i, expected] of (one.parameters[step] ?? []).entries())
      expect(Math.abs((x[i] ?? Number.NaN) - expected), `number ${i} after step ${step}`).toBeLessThan(2e-4)
  }
}

// NAdam follows the paper and later versions where PyTorch 1.13 differs; Lion is in no version (see optimizers.py).
describe('fifty steps go where they go in PyTorch', () => {
  it.each(golden)('%s', (_, one) => {
    follow(one, makers[one.kind].with(one.config), [{ path: 'x', shape: [12] }])
  })

  it.each(read('parameter-groups'))('in groups and with a falling rate: %s', (_, one) => {
    const base = makers[one.kind].with(one.config)
    const optimizer = parameterGroups(base, [
      { parameters: '*.bias', weightDecay: 0 },
      { parameters: 'features.*', lr: 0.1 * base.lr },
    ])
    const shapes = { 'features.0.weight': [5, 1], 'features.0.bias': [2], '1.weight': [1, 3], '1.bias': [2] }
    follow(
      one,
      optimizer,
      Object.entries(shapes).map(([path, shape]) => ({ path, shape })),
      0.97,
    )
  })

  it('has a golden case for every optimiser', () => {
    expect(new Set(golden.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(makers)))
  })
})
