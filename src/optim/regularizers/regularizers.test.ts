import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fill } from '../../testing/golden/fill.ts'
import {
  adam,
  elasticNet,
  groupSparsity,
  l1,
  l2,
  makeUpdater,
  maxNorm,
  type Optimizer,
  type Parameter,
  type ParameterPlace,
  type Regularizer,
  sgd,
} from '../index.ts'

const golden = z
  .strictObject({
    trajectories: z.array(
      z.strictObject({
        optimizer: z.looseObject({ kind: z.enum(['sgd', 'adam']) }),
        regularizer: z.looseObject({ kind: z.enum(['l1', 'l2', 'maxNorm']) }),
        parameters: z.record(z.string(), z.array(z.number())),
      }),
    ),
    fits: z.array(z.strictObject({ l1: z.number(), l2: z.number(), coefficients: z.array(z.number()) })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/regularizers.json', import.meta.url), 'utf8')))

const optimizers = { sgd: sgd({ lr: 1 }), adam: adam() }
const regularizers = { l1: l1({ lambda: 1 }), l2: l2({ lambda: 1 }), maxNorm: maxNorm({ max: 1 }) }

/** A network that is trained by hand: its numbers, and a step after its gradients are there. */
function network(optimizer: Optimizer, regularizer: Regularizer, places: readonly ParameterPlace[]) {
  const updater = makeUpdater(optimizer, places)
  let end = 0
  const parameters = places.map(({ path, shape }): Parameter => {
    const start = end
    end += shape.reduce((a, b) => a * b, 1)
    const part = (whole: Float32Array) => whole.subarray(start, end)
    return { path, shape, data: part(updater.parameters.view), gradient: part(updater.gradients.view) }
  })
  const regularization = regularizer.bind(parameters)
  return {
    x: updater.parameters.view,
    g: updater.gradients.view,
    regularization,
    step: (step: number) => {
      regularization.beforeStep?.(optimizer.lr)
      updater.step(step)
      regularization.afterStep?.(optimizer.lr)
    },
  }
}

describe('fifty regularised steps go where they go in PyTorch', () => {
  const cases = golden.trajectories.map((one) => [JSON.stringify([one.regularizer, one.optimizer]), one] as const)
  it.each(cases)('%s', (_, { optimizer, regularizer, parameters }) => {
    const { kind, ...config } = optimizer
    const { kind: which, ...options } = regularizer
    const { x, g, step } = network(optimizers[kind].with(config), regularizers[which].with(options), [
      { path: 'weight', shape: [3, 3] },
      { path: 'bias', shape: [3] },
    ])
    x.set(fill(12, 0.4, 1.5))
    for (let t = 1; t <= 50; t++) {
      g.set(x.map((value) => value - 0.5 + 0.3 * Math.sin(3 * value + 0.1 * t)))
      step(t)
      for (const [i, expected] of (parameters[t] ?? []).entries())
        expect(Math.abs((x[i] ?? Number.NaN) - expected), `number ${i} after step ${t}`).toBeLessThan(2e-5)
    }
  })
})

const [SAMPLES, INPUTS] = [20, 6]
const inputs = fill(SAMPLES * INPUTS, 1, 1)
const targets = fill(SAMPLES, 0.3, 2)

/** Gradient of half the mean squared error of a linear model without intercept. */
function slopes(w: Float32Array): number[] {
  const errors = Array.from(targets, (y, n) => w.reduce((sum, v, i) => sum + v * (inputs[n * INPUTS + i] ?? 0), -y))
  return Array.from(w, (_, i) => errors.reduce((sum, e, n) => sum + e * (inputs[n * INPUTS + i] ?? 0), 0) / SAMPLES)
}

/** Least squares with a regulariser, by gradient descent until it stands. */
function fitted(regularizer: Regularizer, shape: readonly number[] = [1, INPUTS]): Float32Array {
  const { x, g, step } = network(sgd({ lr: 0.5 }), regularizer, [{ path: 'weight', shape }])
  for (let t = 1; t <= 3000; t++) {
    g.set(slopes(x))
    step(t)
  }
  return x
}

describe('least squares come to the coefficients of scikit-learn, zeros exactly', () => {
  const cases = golden.fits.map((one) => [`λ₁ ${one.l1}, λ₂ ${one.l2}`, one] as const)
  it.each(cases)('%s', (_, { l1: first, l2: second, coefficients }) => {
    const regularizer = second === 0 ? l1({ lambda: first }) : elasticNet({ l1: first, l2: second })
    const found = fitted(regularizer)
    expect(coefficients).toHaveLength(INPUTS)
    coefficients.forEach((expected, i) => {
      expect(Math.abs((found[i] ?? Number.NaN) - expected), `coefficient ${i}`).toBeLessThan(2e-5)
      expect(found[i] === 0).toBe(expected === 0)
    })
  })
})

describe('group sparsity', () => {
  it('meets the conditions of the optimum: whole units are 0, or pulled back as strongly as they are pushed', () => {
    const lambda = 0.12
    const w = fitted(groupSparsity({ lambda }), [3, 2])
    const g = slopes(w)
    const norm = (values: readonly number[]) => Math.hypot(...values)
    const units = [0, 1, 2].map((unit) => {
      const [own, slope] = [Array.from(w.subarray(2 * unit, 2 * unit + 2)), g.slice(2 * unit, 2 * unit + 2)]
      if (norm(own) === 0) expect(norm(slope)).toBeLessThanOrEqual(lambda * Math.SQRT2)
      else
        own.forEach((value, i) => {
          expect(slope[i]).toBeCloseTo((-lambda * Math.SQRT2 * value) / norm(own), 5)
        })
      return norm(own) === 0
    })
    expect(units).toEqual([true, false, true])
  })

  it('takes filters of a convolution as units', () => {
    const data = Float32Array.of(3, 0, 4, 0, 0.1, 0.1, 0.1, 0.1)
    const bound = groupSparsity({ lambda: 0.5 }).bind([
      { path: 'weight', shape: [2, 1, 2, 2], data, gradient: new Float32Array(8) },
    ])
    expect(bound.penalty()).toBeCloseTo(0.5 * 2 * (5 + 0.2), 6)
    bound.afterStep?.(1)
    expect([...data]).toEqual([...Float32Array.of(3 * 0.8, 0, 4 * 0.8, 0, 0, 0, 0, 0)])
  })
})

describe('max-norm', () => {
  it('is Keras’s, whose units are on the last axis', () => {
    const [count, size, max] = [4, 6, 1.5]
    const data = fill(count * size, 0.2, 1)
    data.subarray(6, 12).fill(0.1)
    const before = Float32Array.from(data)
    const bound = maxNorm({ max }).bind([{ path: 'weight', shape: [count, 2, 3, 1], data, gradient: data }])
    bound.afterStep?.(0.1)
    for (let unit = 0; unit < count; unit++) {
      const own = before.subarray(unit * size, (unit + 1) * size)
      // w * clip(norm, 0, max) / (epsilon + norm)
      const norm = Math.hypot(...own)
      own.forEach((value, i) => {
        expect(data[unit * size + i]).toBeCloseTo((value * Math.min(norm, max)) / (1e-7 + norm), 6)
      })
    }
    expect(data.subarray(6, 12)).toEqual(before.subarray(6, 12))
    expect(data).not.toEqual(before)
    expect(bound.penalty()).toBe(0)
  })
})

const all: readonly (readonly [string, Regularizer, penalty: number])[] = [
  ['l2', l2({ lambda: 0.2 }), 0.1 * 30],
  ['l1', l1({ lambda: 0.2 }), 0.2 * 10],
  ['l1 by subgradient', l1({ lambda: 0.2, method: 'subgradient' }), 0.2 * 10],
  ['elasticNet', elasticNet({ l1: 0.2, l2: 0.4 }), 0.2 * 10 + 0.2 * 30],
  ['groupSparsity', groupSparsity({ lambda: 1 }), Math.SQRT2 * (Math.sqrt(5) + 5)],
  ['maxNorm', maxNorm({ max: 2 }), 0],
]

describe.each(all)('%s', (_, regularizer, penalty) => {
  const made = () => {
    const weight = {
      path: '0.weight',
      shape: [2, 2],
      data: Float32Array.of(1, -2, 3, -4),
      gradient: new Float32Array(4),
    }
    const bias = { path: '0.bias', shape: [2], data: Float32Array.of(5, 6), gradient: new Float32Array(2) }
    return { weight, bias }
  }

  it('is for weights unless told others, and says what it adds to the loss', () => {
    const { weight, bias } = made()
    const bound = regularizer.bind([weight, bias])
    expect(bound.penalty()).toBeCloseTo(penalty, 6)
    const runs = () => {
      bound.beforeStep?.(0.1)
      bound.afterStep?.(0.1)
    }
    runs()
    expect([[...bias.data], [...bias.gradient]]).toEqual([
      [5, 6],
      [0, 0],
    ])
    expect([...weight.data, ...weight.gradient]).not.toEqual([1, -2, 3, -4, 0, 0, 0, 0])
    const other = made()
    const onBias = regularizer.with({ parameters: '*.bias' }).bind([other.weight, other.bias])
    onBias.beforeStep?.(0.1)
    onBias.afterStep?.(0.1)
    expect([...other.weight.data, ...other.weight.gradient]).toEqual([1, -2, 3, -4, 0, 0, 0, 0])
    expect([...other.bias.data, ...other.bias.gradient]).not.toEqual([5, 6, 0, 0])
  })

  it('lets NaN through', () => {
    const { weight, bias } = made()
    weight.data[1] = Number.NaN
    const bound = regularizer.bind([weight, bias])
    bound.beforeStep?.(0.1)
    bound.afterStep?.(0.1)
    expect(weight.data[1]).toBeNaN()
  })

  it('has its kind and configuration, and refuses options that it has not and parameters that there are not', () => {
    const { weight, bias } = made()
    expect(regularizer.with({}).config).toEqual(regularizer.config)
    expect(JSON.parse(JSON.stringify(regularizer.config))).toEqual(regularizer.config)
    expect(() => regularizer.with({ strength: 1 })).toThrow(`${regularizer.kind}: no option "strength"`)
    expect(() => regularizer.with({ parameters: '1.*' }).bind([weight, bias])).toThrow(
      `${regularizer.kind}: no parameter is named like "1.*"; the parameters are 0.weight, 0.bias`,
    )
    expect(() => regularizer.bind([bias])).toThrow(`${regularizer.kind}: no parameter has two axes or more`)
  })
})

it.each([
  [() => l2({ lambda: -1 }), /^l2: lambda is -1/],
  [() => l1(JSON.parse('{"lambda":1,"method":"exact"}')), /^l1: method is "exact"/],
  [() => maxNorm({ max: 0 }), /^maxNorm: max is 0/],
  [() => elasticNet(JSON.parse('{"l1":1}')), /^elasticNet: l2 is undefined/],
])('impossible options are refused: %s', (make, message) => {
  expect(make).toThrow(message)
})
