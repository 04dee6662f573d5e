import { describe, expect, it } from 'vitest'
import * as nn from '../nn/index.ts'
import { maxPool2d, relu, summary, withInit, xavierUniform } from '../nn/index.ts'
import { key } from '../random/index.ts'
import { compile, spec } from '../runtime/index.ts'
import '../runtime/ort/node.ts'
import { placeholder, type Tensor } from '../tensor/index.ts'
import { expectDigest } from '../testing/digest.ts'
import { count, fill } from '../testing/golden/formula.ts'
import { formulaWeights, goldenModels } from '../testing/golden/modules.ts'
import * as models from './index.ts'

/** The models of modules.py. */
const built: Readonly<Record<string, () => nn.Layer>> = {
  mlp: () => models.mlp({ hidden: [128], outputs: 10 }),
  leNet5: () => models.leNet5(),
  convNet: () => models.convNet(),
  alexNetSmall: () => models.alexNetSmall(),
  'alexNetSmall-narrow': () => models.alexNetSmall({ width: 4, hidden: 12 }),
  vgg11: () => models.vgg11(),
  'vgg11-bn': () => models.vgg11({ batchNorm: true, hidden: 512, pool: 1 }),
  'vgg11-narrow': () => models.vgg11({ width: 4, hidden: 16, pool: 2 }),
  'vgg11-narrow-bn': () => models.vgg11({ width: 4, batchNorm: true, hidden: 16, pool: 1 }),
  resNet18: () => models.resNet18(),
  resNet34: () => models.resNet34(),
  'resNet18-narrow': () => models.resNet18({ width: 4 }),
  'resNet18-cifar': () => models.resNet18({ width: 4, stem: 'cifar' }),
  'resNet34-narrow': () => models.resNet34({ width: 3, classes: 7 }),
  convNet1d: () => models.convNet1d(),
  autoencoder: () => models.autoencoder({ sample: [1, 28, 28], latent: 16 }),
  variationalAutoencoder: () => models.variationalAutoencoder({ sample: [1, 28, 28], latent: 8 }),
}

const cases = goldenModels()

/** What a model computes natively, its weights as inputs. */
async function outputOf(model: nn.Layer, variables: nn.Variables, shape: readonly number[], x: Float32Array) {
  const dict = nn.stateDict(variables)
  const program = await compile(
    (weights: Readonly<Record<string, Tensor>>, input: Tensor) => {
      const place = (tree: nn.WeightTree, path = ''): nn.TensorTree =>
        Object.fromEntries(
          Object.entries(tree).map(([name, value]) => {
            const own = path === '' ? name : `${path}.${name}`
            const tensor = weights[own]
            return [name, nn.isWeights(value) ? (tensor ?? placeholder(own, spec([0]))) : place(value, own)]
          }),
        )
      return nn.applyModel(model, place(variables.parameters), input, { buffers: place(variables.buffers) }).output
    },
    Object.fromEntries(Object.entries(dict).map(([name, weights]) => [name, spec(weights.shape)])),
    spec(shape),
  )
  const data = await program(Object.fromEntries(Object.entries(dict).map(([name, weights]) => [name, weights.data])), x)
  return { shape: program.graph.outputs[0]?.shape ?? [], data: Float64Array.from(data) }
}

describe('models are PyTorch’s, by names, parameters and outputs', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (name, golden) => {
    const model = built[name]?.()
    if (model === undefined) throw new Error(`no model for ${name}`)
    const [batch = 1, ...sample] = golden.input
    // Drawing the largest takes long, and counting needs no numbers.
    const fresh = nn.initialize(withInit(model, nn.zerosInit()), key(0), sample)
    expect(nn.parameterCount(fresh)).toBe(golden.parameterCount)
    if (golden.parameters === undefined || golden.output === undefined) return
    const { buffers } = fresh
    const shapes = Object.fromEntries(
      Object.entries(nn.stateDict({ parameters: fresh.parameters, buffers: {} })).map(([path, { shape }]) => [
        path,
        shape,
      ]),
    )
    expect(shapes).toEqual(golden.parameters)
    const given = { ...formulaWeights(golden.parameters), ...nn.stateDict({ parameters: {}, buffers }) }
    const variables = nn.loadStateDict(fresh, given)
    const x = fill(count(golden.input), 0.4, 1)
    const output = await outputOf(model, variables, [batch, ...sample], x)
    expectDigest(output, golden.output, 2e-5, 'output')
  })

  it('and there is a case for each of them', () => {
    expect(cases.map(({ name }) => name)).toEqual(Object.keys(built))
  })
})

describe('models', () => {
  const parameters = (model: nn.Layer, ...sample: number[]) => summary(model, sample).parameters

  it('take options', () => {
    expect(parameters(models.leNet5({ activation: relu, pool: maxPool2d, classes: 11 }), 1, 28, 28)).toBe(61_706 + 85)
    expect(parameters(models.leNet5({ padding: 0 }), 1, 32, 32)).toBe(61_706)
    expect(parameters(models.mlp({ hidden: [], outputs: 3, dropout: 0.5 }), 4)).toBe(15)
    expect(parameters(models.mlp({ hidden: [8, 8], outputs: 1, activation: nn.tanh, dropout: 0.5 }), 2)).toBe(
      24 + 72 + 9,
    )
    const normalised = models.convNet({ channels: [4, 8, 8], hidden: 16, classes: 2, batchNorm: true, dropout: 0.2 })
    expect(parameters(normalised, 3, 16, 16)).toBe(112 + 8 + 296 + 16 + 584 + 16 + 33 * 16 + 34)
    expect(Object.values(normalised.children ?? {}).map(({ kind }) => kind)).toContain('Dropout')
    expect(parameters(models.convNet1d({ channels: [4], kernel: 3, pool: 2, classes: 2 }), 2, 50)).toBe(28 + 8 + 10)
  })

  it('can be drawn otherwise as a whole', () => {
    const model = withInit(models.resNet18({ width: 2 }), xavierUniform())
    const dict = nn.stateDict(nn.initialize(model, key(0), [1, 32, 32]))
    const data = dict['layer4.1.conv2.weight']?.data ?? new Float32Array()
    const bound = Math.sqrt(6 / (2 * 16 * 9))
    expect(data.every((value) => Math.abs(value) <= Math.fround(bound))).toBe(true)
    expect(data.some((value) => Math.abs(value) > 0.95 * bound)).toBe(true)
  })

  it('put images out as they came in, if they are autoencoders', () => {
    const sample = [3, 32, 16]
    for (const model of [
      models.autoencoder({ sample, latent: 2, channels: [4, 8, 8] }),
      models.variationalAutoencoder({ sample, latent: 2, channels: [4], beta: 2 }),
    ])
      expect(nn.outputShape(model, nn.initialize(model, key(0), sample), [5, ...sample])).toEqual([5, ...sample])
  })

  it.each([
    [
      () => Reflect.apply(models.resNet18, undefined, [{ widht: 32 }]),
      /^resNet: no option "widht"; the options are classes/,
    ],
    [() => Reflect.apply(models.resNet18, undefined, [{ stem: 'mnist' }]), /^resNet: stem is "mnist"/],
    [() => models.vgg11({ width: 0 }), /^vgg11: width is 0/],
    [() => models.mlp({ hidden: [0], outputs: 1 }), /^mlp: hidden\.0 is 0/],
    [
      () => Reflect.apply(models.mlp, undefined, [{ hidden: [4], outputs: 1, activation: relu() }]),
      /^mlp: activation is .*give the function that makes the layer, as in relu/,
    ],
    [
      () => models.autoencoder({ sample: [1, 28, 28], latent: 4, channels: [4, 4, 4] }),
      /^autoencoder: 3 convolutions halve images as often, and 28 × 28 cannot be divided by 8/,
    ],
    [
      () => models.variationalAutoencoder({ sample: [784], latent: 4 }),
      /^variationalAutoencoder: a sample \[784\].*give \[channels, height, width\]/,
    ],
  ])('refuse what makes no sense %#', (make, message) => {
    expect(make).toThrow(message)
  })
})
