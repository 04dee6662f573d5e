import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { arrays, minMax, reconstruct } from '../../data/index.ts'
import { normalQuantile } from '../../metrics/index.ts'
import { bce, flatten, gaussianLatent, type Layer, linear, mse, relu, sequential, unflatten } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { foldIn, key, normal, uniform } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { evaluator } from '../../train/evaluate.ts'
import { type Experiment, experiment, initialVariables, prepare } from '../../train/index.ts'
import { makeState } from '../../train/state.ts'
import { imageSections } from './index.ts'

const images = (n: number, seed: number) => ({
  inputs: { data: Uint8Array.from(uniform(key(seed), n * 16), (v) => Math.floor(v * 256)), shape: [1, 4, 4] },
  targets: {
    task: 'classification' as const,
    labels: Int32Array.from({ length: n }, (_, i) => (i + 1) % 2),
    classes: ['cat', 'dog'],
  },
})

const decoder = sequential(linear(8), relu(), linear(16), unflatten(1, 4, 4))
const around = (latent: Layer) => sequential({ encoder: sequential(flatten(), linear(6), relu()), latent, decoder })

const base = experiment({
  name: 'pets',
  data: reconstruct(arrays({ name: 'pets', ...images(30, 1), test: images(24, 2) })),
  prepare: [minMax()],
  model: around(gaussianLatent(2)),
  loss: bce({ reduction: 'sum' }),
  optimizer: adam({ lr: 1e-2 }),
  epochs: 1,
})

/** Pictures of a network as it is before training. */
async function sectionsOf(of: Experiment, seed = 5) {
  const prepared = await prepare(of)
  const state = makeState(initialVariables(prepared, 0), of.optimizer)
  const { loss, predictions } = await evaluator(prepared, of.loss, state)(prepared.test)
  const sections = await imageSections({ variables: state.variables, predictions }, prepared, {
    experiment: of,
    seed,
  })
  const pictures = sections.flatMap(({ pictures: own }) => own)
  return { titles: sections.map(({ title }) => title), pictures, prepared, state, loss, predictions }
}
type Made = Awaited<ReturnType<typeof sectionsOf>>

const named = ({ pictures }: Made, name: string) => {
  const picture = pictures.find((one) => one.name === name)
  if (picture === undefined) throw new Error(`there is no picture ${name}`)
  return picture
}

describe('imageSections', () => {
  let made: Made
  beforeAll(async () => {
    made = await sectionsOf(base)
  })

  it('shows the first test images of each class and the largest losses, whose mean is the test loss', async () => {
    const plain = await sectionsOf(base.with({ model: around(linear(3)), loss: mse() }))
    expect(plain.titles).toEqual(['Reconstructions'])
    const { rows } = named(plain, 'reconstructions')
    expect(rows.slice(0, 10).map(({ index, class: name }) => [index, name])).toEqual([
      ...[1, 3, 5, 7, 9].map((index) => [index, 'cat']),
      ...[0, 2, 4, 6, 8].map((index) => [index, 'dog']),
    ])
    if (plain.predictions.task !== 'regression') throw new Error('images are numbers')
    const { outputs, targets } = plain.predictions
    const losses = Array.from({ length: 24 }, (_, i) => {
      const squares = Array.from(outputs.subarray(16 * i, 16 * i + 16), (o, j) => (o - (targets[16 * i + j] ?? 0)) ** 2)
      return squares.reduce((a, b) => a + b, 0) / 16
    })
    expect(losses.reduce((a, b) => a + b, 0) / 24).toBeCloseTo(plain.loss, 6)
    for (const { index, loss } of rows) expect(loss).toBeCloseTo(losses[Number(index)] ?? Number.NaN, 6)
    const worst = rows.filter(({ chosen }) => chosen === 'largest loss').map(({ loss }) => Number(loss))
    expect(worst).toHaveLength(10)
    expect(worst[0]).toBeCloseTo(Math.max(...losses), 6)
    expect(worst).toEqual(worst.toSorted((a, b) => b - a))
  })

  it('takes the first test images where there are no classes', async () => {
    const { inputs } = images(30, 1)
    const targets = {
      task: 'regression' as const,
      values: Float32Array.from(inputs.data, (v) => v / 255),
      shape: [1, 4, 4],
    }
    const bare = { name: 'bare', inputs, targets }
    const of = base.with({ data: arrays({ ...bare, test: bare }), model: around(linear(3)) })
    const { rows } = named(await sectionsOf(of), 'reconstructions')
    expect(rows.slice(0, 10).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(rows[0]).not.toHaveProperty('class')
  })

  it('lets the decoder alone make images of normal numbers from the seed, through the sigmoid of the logits', async () => {
    const { rows, ...picture } = named(made, 'generated-images')
    const numbers = normal(foldIn(key(5), 'generated images'), 200)
    expect(rows).toHaveLength(100)
    expect(rows[99]).toEqual({ image: 99, z1: numbers[198], z2: numbers[199] })
    // The picture's pixels against the decoder's two layers by hand.
    const weights = made.state.variables.parameters.decoder ?? {}
    const z = [numbers[2] ?? 0, numbers[3] ?? 0]
    const hidden = apply(weights, '0', z).map((v) => Math.max(0, v))
    const pixels = apply(weights, '2', hidden).map((v) => Math.round(255 / (1 + Math.exp(-v))))
    if (!('png' in picture)) throw new Error('the grid is no PNG')
    const { data, info } = await sharp(picture.png).raw().toBuffer({ resolveWithObject: true })
    const [scale, gap] = [14, 2]
    expect(info.width).toBe(gap + 10 * (4 * scale + gap))
    const seen = pixels.map((_, i) => {
      const [x, y] = [gap + 4 * scale + gap + (i % 4) * scale, gap + Math.floor(i / 4) * scale]
      return data[(y * info.width + x) * 3] ?? -1
    })
    for (const [i, pixel] of pixels.entries()) expect(Math.abs((seen[i] ?? -9) - pixel)).toBeLessThanOrEqual(1)
    const other = named(await sectionsOf(base, 6), 'generated-images')
    expect(other.rows[0]?.z1).not.toBe(rows[0]?.z1)
  })

  it('walks the quantiles of a latent plane and puts test samples in it, by class', () => {
    expect(made.titles).toEqual(['Reconstructions', 'Generated images', 'Latent plane'])
    const { rows } = named(made, 'latent-walk')
    expect(rows).toHaveLength(225)
    expect(rows[0]).toMatchObject({ row: 0, column: 0, z1: normalQuantile(0.5 / 15), z2: normalQuantile(14.5 / 15) })
    expect(rows[112]).toMatchObject({ row: 7, column: 7, z1: 0, z2: 0 })
    const plane = named(made, 'latent-plane')
    expect(plane.rows).toHaveLength(24)
    expect(plane.rows.slice(0, 2).map(({ class: name }) => name)).toEqual(['dog', 'cat'])
    const { encoder = {}, latent = {} } = made.state.variables.parameters
    const pixels = Array.from(images(24, 2).inputs.data.subarray(0, 16), (v, i) => {
      const values = Array.from({ length: 30 }, (_, s) => images(30, 1).inputs.data[16 * s + i] ?? 0)
      return [v, values] as const
    })
    const all = pixels.flatMap(([, values]) => values)
    const [low, high] = [Math.min(...all), Math.max(...all)]
    const hidden = apply(
      encoder,
      '1',
      pixels.map(([v]) => (v - low) / (high - low)),
    ).map((v) => Math.max(0, v))
    const [x = 0, y = 0] = apply(latent, 'mean', hidden)
    expect(Number(plane.rows[0]?.x)).toBeCloseTo(x, 4)
    expect(Number(plane.rows[0]?.y)).toBeCloseTo(y, 4)
  })

  it('draws nothing where targets are no images, and no walk where the latent has other than two numbers', async () => {
    const values = Float32Array.from({ length: 30 }, (_, i) => i / 30)
    const sums = arrays({
      name: 'sums',
      inputs: images(30, 1).inputs,
      targets: { task: 'regression', values, shape: [1] },
    })
    const number = base.with({ data: sums, model: sequential(flatten(), linear(1)), loss: mse() })
    const prepared = await prepare(number)
    const state = makeState(initialVariables(prepared, 0), number.optimizer)
    expect(await imageSections({ variables: state.variables }, prepared, { experiment: number, seed: 0 })).toEqual([])
    const three = await sectionsOf(base.with({ model: around(gaussianLatent(3)) }))
    expect(three.titles).toEqual(['Reconstructions', 'Generated images'])
    expect(Object.keys(named(three, 'generated-images').rows[0] ?? {})).toEqual(['image', 'z1', 'z2', 'z3'])
  })
})

/** A linear layer in plain numbers. */
function apply(tree: object, name: string, x: readonly number[]): number[] {
  const { weight, bias }: { weight: { data: Float32Array }; bias: { data: Float32Array } } = Reflect.get(tree, name)
  return Array.from(bias.data, (b, o) => x.reduce((sum, v, i) => sum + v * (weight.data[o * x.length + i] ?? 0), b))
}
