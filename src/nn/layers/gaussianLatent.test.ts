import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { foldIn, key, keyData, keyType, randomNormal } from '../../random/index.ts'
import { compile, spec } from '../../runtime/index.ts'
import '../../runtime/ort/node.ts'
import { constant, mul, placeholder, reduceMean, type Tensor, tensor } from '../../tensor/index.ts'
import { applied } from '../../testing/apply.ts'
import { evaluate, expectSound, real } from '../../testing/check.ts'
import { fill } from '../../testing/golden/formula.ts'
import {
  applyModel,
  gaussianDivergence,
  gaussianLatent,
  initialize,
  type Layer,
  layer,
  linear,
  population,
  sequential,
  stateDict,
  summary,
  symbolic,
} from '../index.ts'

describe('gaussianDivergence', () => {
  it('is PyTorch’s kl_divergence(Normal(μ, σ), Normal(0, 1)), summed over latents, mean over the batch', () => {
    // torch.distributions.kl_divergence of PyTorch 1.13 in float64, of fill([4, 3], 0.4, 1) and fill([4, 3], 1.7, 0.8).
    const [found] = evaluate(
      (mean, logVariance) => gaussianDivergence(mean, logVariance),
      [real([4, 3], fill(12, 0.4, 1)), real([4, 3], fill(12, 1.7, 0.8))],
    )
    expect(found?.data[0]).toBeCloseTo(0.9836262083563834, 7)
  })

  it('is 0 for the standard normal distribution, and its gradients are its slopes', async () => {
    const zeros = real([2, 3], new Float32Array(6))
    expect(evaluate(gaussianDivergence, [zeros, zeros])[0]?.data[0]).toBeCloseTo(0, 12)
    await expectSound(gaussianDivergence, [real([2, 3], fill(6, 0.4, 1)), real([2, 3], fill(6, 1.7, 0.8))])
  })

  it('refuses shapes that do not fit', () => {
    expect(() => gaussianDivergence(tensor([[1, 2]]), tensor([[1]]))).toThrow(/\[1, 2\].*\[1, 1\] must both be/)
  })
})

describe('gaussianLatent', () => {
  const model = sequential({ latent: gaussianLatent(3, { beta: 4 }) })
  const variables = initialize(model, key(0), [5])
  const x = { shape: [2000, 5], data: fill(10_000, 0.4, 1) }

  it('has a mean and a variance of its own for each latent number', () => {
    expect(Object.entries(stateDict(variables)).map(([name, { shape }]) => [name, ...shape])).toEqual([
      ['latent.mean.weight', 3, 5],
      ['latent.mean.bias', 3],
      ['latent.logVariance.weight', 3, 5],
      ['latent.logVariance.bias', 3],
    ])
    expect(summary(model, [5])).toMatchObject({ parameters: 36, rows: [{ layer: 'GaussianLatent(size 3, beta 4)' }] })
  })

  it('gives the mean outside training, and in training draws around it with the deviation it says', () => {
    const dict = stateDict(variables)
    const head = (name: string) => {
      const [weight, bias] = [dict[`latent.${name}.weight`], dict[`latent.${name}.bias`]]
      if (weight === undefined || bias === undefined) throw new Error(`no ${name}`)
      return applied(linear(3), { parameters: { weight, bias }, buffers: {} }, x).output.data
    }
    const [mean, logVariance] = [head('mean'), head('logVariance')]
    expect(applied(model, variables, x).output.data).toEqual(mean)
    const drawn = applied(model, variables, x, { key: key(1) }).output.data
    const noise = drawn.map((z, i) => (z - (mean[i] ?? 0)) / Math.exp((logVariance[i] ?? 0) / 2))
    const average = noise.reduce((sum, value) => sum + value, 0) / noise.length
    const square = noise.reduce((sum, value) => sum + value * value, 0) / noise.length
    expect(Math.abs(average)).toBeLessThan(5 / Math.sqrt(noise.length))
    expect(Math.abs(square - 1)).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(noise.length))
    expect(applied(model, variables, x, { key: key(1) }).output.data).toEqual(drawn)
    expect(applied(model, variables, x, { key: key(2) }).output.data).not.toEqual(drawn)
  })

  it('adds beta times the divergence to the losses, in training and outside it, with gradients for both heads', async () => {
    const [parameters, input] = [symbolic(variables.parameters), placeholder('x', { dtype: 'float32', shape: [2, 5] })]
    for (const training of [false, true]) {
      const { losses } = applyModel(model, parameters, input, { training, key: placeholder('key', keyType) })
      expect(losses.map(({ shape }) => shape)).toEqual([[]])
    }
    const program = await compile(
      (mean: Tensor, meanBias: Tensor, spread: Tensor, spreadBias: Tensor, given: Tensor) => {
        const tree = {
          latent: { mean: { weight: mean, bias: meanBias }, logVariance: { weight: spread, bias: spreadBias } },
        }
        const [loss] = applyModel(model, tree, given).losses
        if (loss === undefined) throw new Error('no loss was added')
        return [loss, ...gradients(loss, [mean, meanBias, spread, spreadBias])]
      },
      ...([spec([3, 5]), spec([3]), spec([3, 5]), spec([3])] as const),
      spec([2, 5]),
    )
    const zeros = [new Float32Array(15), Float32Array.of(1, 2, 3), new Float32Array(15), new Float32Array(3)] as const
    const [loss, , meanSlope, , spreadSlope] = await program(...zeros, new Float32Array(10))
    // KL of N(μ, 1) from N(0, 1) is μ²/2 for each number: ½ (1 + 4 + 9), four times.
    expect(loss?.[0]).toBeCloseTo(28, 5)
    expect([...(meanSlope ?? [])]).toEqual([4, 8, 12])
    expect([...(spreadSlope ?? [])]).toEqual([0, 0, 0])
  })

  it('is set like other layers, and complains like them', () => {
    expect(gaussianLatent(3).with?.({ beta: 2, size: 5 }).config).toEqual({ size: 5, beta: 2 })
    expect(() => gaussianLatent(3, { beta: -1 })).toThrow(/^gaussianLatent: beta is -1/)
    expect(() => initialize(model, key(0), [1, 4, 4])).toThrow(
      /layer "latent", GaussianLatent.*needs \[batch, features\]/,
    )
  })
})

describe('addLoss', () => {
  /** Penalises large activations. */
  const activity = (weight: number): Layer =>
    layer('Activity', {
      apply: (_, x, context) => {
        context.addLoss(mul(reduceMean(mul(x, x)), weight))
        return x
      },
    })

  it('collects what any layer adds, in order, and reaches through containers', () => {
    const model = sequential(activity(1), sequential(activity(10)))
    const { losses } = applyModel(model, {}, constant(Float32Array.of(1, 3), [1, 2], 'float32'))
    expect(evaluate(() => losses, []).map(({ data }) => data[0])).toEqual([5, 50])
  })

  it('refuses what is no scalar', () => {
    const odd = layer('Odd', {
      apply: (_, x, context) => {
        context.addLoss(x)
        return x
      },
    })
    expect(() => applyModel(sequential(odd), {}, tensor([[1, 2]]))).toThrow(
      /layer "0", Odd, .*addLoss takes a float32 scalar and was given float32 \[1, 2\]: take its mean/,
    )
  })

  it('gives each member of a population its own', async () => {
    const two = population(sequential(linear(2), activity(1)), 2)
    const variables = two.initialize([key(0), key(1)], [3])
    const x = Float32Array.of(1, 2, 3)
    const together = await compile(
      (bias: Tensor, weight: Tensor, given: Tensor) => {
        return [...two.apply({ 0: { bias, weight } }, given).losses]
      },
      spec([2, 2]),
      spec([2, 2, 3]),
      spec([1, 3]),
    )
    const dict = stateDict(variables)
    const [found] = await together(dict['0.bias']?.data ?? x, dict['0.weight']?.data ?? x, x)
    const alone = [0, 1].map((k) => {
      const outputs = applied(
        linear(2),
        { parameters: memberOf(two.member(variables, k)), buffers: {} },
        { shape: [1, 3], data: x },
      )
      return outputs.output.data.reduce((sum, value) => sum + value * value, 0) / 2
    })
    expect(found).toHaveLength(2)
    alone.forEach((value, k) => {
      expect(found?.[k]).toBeCloseTo(value, 5)
    })
  })
})

const memberOf = ({ parameters }: ReturnType<typeof initialize>) => {
  const own = parameters[0]
  if (own === undefined || 'data' in own) throw new Error('no weights')
  return own
}

describe('randomNormal', () => {
  const N = 100_000

  it('is standard normal: moments, tails, and no relation between neighbours', async () => {
    const program = await compile((from: Tensor) => randomNormal(from, [N]), keyType)
    const values = Float32Array.from(await program(keyData(key(0))))
    const mean = (of: (value: number, i: number) => number) =>
      values.reduce((sum: number, value: number, i: number) => sum + of(value, i), 0) / N
    // Five standard errors each: of xᵏ these are √(E x²ᵏ - (E xᵏ)²) / √N.
    expect(Math.abs(mean((x) => x))).toBeLessThan(5 / Math.sqrt(N))
    expect(Math.abs(mean((x) => x * x) - 1)).toBeLessThan(5 * Math.sqrt(2 / N))
    expect(Math.abs(mean((x) => x ** 3))).toBeLessThan(5 * Math.sqrt(15 / N))
    expect(Math.abs(mean((x) => x ** 4) - 3)).toBeLessThan(5 * Math.sqrt(96 / N))
    expect(Math.abs(mean((x, i) => x * (values[i + 1] ?? 0)))).toBeLessThan(5 / Math.sqrt(N))
    const beyond = mean((x) => (Math.abs(x) > 1.959964 ? 1 : 0))
    expect(Math.abs(beyond - 0.05)).toBeLessThan(5 * Math.sqrt(0.0475 / N))
  })

  it('draws for several keys what each draws alone', async () => {
    const alone = await compile((from: Tensor) => randomNormal(from, [4]), keyType)
    const both = await compile((from: Tensor) => randomNormal(from, [4]), spec([2, 2], 'uint32'))
    const keys = [key(1), foldIn(key(1), 2)].map(keyData)
    const expected = (await Promise.all(keys.map((one) => alone(one)))).flatMap((values) => [...values])
    expect([...(await both(Uint32Array.from(keys.flatMap((one) => [...one]))))]).toEqual(expected)
    expect(new Set(expected).size).toBe(8)
  })
})
