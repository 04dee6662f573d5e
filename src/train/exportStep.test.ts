import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import '../index.ts'
import { batches, gather } from '../data/index.ts'
import {
  batchNorm2d,
  conv2d,
  dropout,
  filled,
  flatten,
  layer,
  linear,
  maxPool2d,
  relu,
  sequential,
  stateDict,
} from '../nn/index.ts'
import { adam, adamW, ema, type Optimizer, sgd } from '../optim/index.ts'
import { dropoutMask, foldIn, foldKey, key, keyData, keyType } from '../random/index.ts'
import { graphOf, hostData } from '../runtime/index.ts'
import { decodeMetadata } from '../runtime/onnx/proto.ts'
import { isTypedArray, matmul, mul, placeholder, type TypedArray } from '../tensor/index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { strictComplaints } from '../testing/strictOnnx.ts'
import { initialVariables, prepare, fit as train, trainStepOnnx } from './index.ts'

/** Bytes in, convolution, batch norm, pool and dropout; every batch is full. No bias before batch norm: its gradient is noise. */
const network = convolve.with({
  batchSize: 11,
  epochs: 2,
  model: sequential(
    ...[conv2d(4, 3, { bias: false }), batchNorm2d(), relu(), maxPool2d(2)],
    ...[flatten(), dropout(0.3), linear(2)],
  ),
})

const KEEP = [11, 16] as const
const keyInput = placeholder('key', keyType)
const masks = graphOf([keyInput], [mul(dropoutMask(foldKey(keyInput, '5'), KEEP, 0.3), 1)])

type Values = Record<string, { readonly data: TypedArray; readonly dims: readonly number[] }>

/** What a stranger does with the file: feed it, keep what it gives, in plain ONNX Runtime. */
async function run(session: ort.InferenceSession, inputs: Values): Promise<Values> {
  const types = new Map(session.inputMetadata.map((value) => [value.name, value.isTensor ? value.type : 'float32']))
  const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
    name,
    new ort.Tensor(types.get(name) ?? 'float32', data, dims),
  ])
  const results = await session.run(Object.fromEntries(feeds))
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => {
      if (!isTypedArray(data)) throw new Error(`${name} is no array`)
      return [name, { data, dims }]
    }),
  )
}

const scalar = (value: number) => ({ data: Float32Array.of(value), dims: [] })

/** Largest difference of two weights, as a share of the largest number among them. */
function difference(a: Float32Array, b: TypedArray): number {
  const scale = Math.max(...a.map(Math.abs), 1e-6)
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale
}

describe.each<readonly [string, Optimizer]>([
  ['sgd with momentum and decay', sgd({ lr: 0.05, momentum: 0.9, weightDecay: 0.01 })],
  ['plain sgd', sgd({ lr: 0.05 })],
  ['adam', adam({ lr: 0.01 })],
  ['adamW', adamW({ lr: 0.01 })],
])('train-step.onnx with %s', (_, optimizer) => {
  it('trains in plain ONNX Runtime to the weights that fit ends with', async () => {
    const of = network.with({ optimizer })
    const prepared = await prepare(of)
    const seed = 3
    const { state, position } = await train(of, prepared, seed)
    expect(position.step).toBe(8)

    const bytes = trainStepOnnx(of, prepared, { update: true })
    expect(strictComplaints(bytes)).toEqual([])
    const metadata = decodeMetadata(bytes)
    const formulas = Object.entries(JSON.parse(metadata.coefficients ?? '{}'))
    const session = await ort.InferenceSession.create(bytes)
    const initial = initialVariables(prepared, seed)
    let current: Values = {}
    for (const [name, { shape, data }] of Object.entries(stateDict(initial))) current[name] = { data, dims: shape }
    for (const name of session.inputNames.filter((one) => one.startsWith('optimizer.'))) {
      const weight = current[name.split('.').slice(2).join('.')]
      if (weight === undefined) throw new Error(`${name} is no weight's`)
      current[name] = { data: new Float32Array(weight.data.length), dims: weight.dims }
    }
    const root = key(seed)
    let step = 0
    for (let epoch = 0; epoch < 2; epoch++)
      for (const part of batches(prepared.train.indices, 11, { key: foldIn(root, 'shuffle'), epoch })) {
        const { inputs, targets } = await gather(prepared.train.dataset, part)
        const [mask] = hostData(masks, [keyData(foldIn(foldIn(root, 'step'), step))])
        step += 1
        const results = await run(session, {
          ...current,
          x: { data: inputs, dims: [11, 1, 6, 6] },
          target: { data: targets, dims: [11] },
          'random.5': { data: Float32Array.from(mask ?? []), dims: KEEP },
          ...Object.fromEntries(
            formulas.map(([name, formula]) => [
              name,
              scalar(new Function('lr', 'step', `return ${formula}`)(optimizer.lr, step)),
            ]),
          ),
        })
        expect(results.output?.dims).toEqual([11, 2])
        current = Object.fromEntries(
          Object.entries(results).flatMap(([name, value]) => (name.startsWith('new.') ? [[name.slice(4), value]] : [])),
        )
      }
    const expected = stateDict(state.variables)
    expect(
      Object.keys(current)
        .filter((name) => !name.startsWith('optimizer.'))
        .sort(),
    ).toEqual(Object.keys(expected).sort())
    for (const [name, { data }] of Object.entries(expected)) {
      expect(difference(data, current[name]?.data ?? new Float32Array()), name).toBeLessThan(1e-5)
      expect(difference(data, stateDict(initial)[name]?.data ?? new Float32Array()), name).toBeGreaterThan(1e-3)
    }
    for (const [name, moment] of state.optimizerState)
      expect(difference(moment, current[`optimizer.${name}`]?.data ?? new Float32Array()), name).toBeLessThan(1e-5)
  })
})

describe('train-step.onnx without the update', () => {
  it('gives loss, output, gradients and running statistics, and says what to feed', async () => {
    const prepared = await prepare(network)
    const bytes = trainStepOnnx(network, prepared, { batch: 4, metadata: { run: 'r1' } })
    expect(strictComplaints(bytes)).toEqual([])
    const session = await ort.InferenceSession.create(bytes)
    expect(
      session.inputMetadata.map((value) => (value.isTensor ? [value.name, value.type, ...value.shape] : [])),
    ).toEqual([
      ['0.weight', 'float32', 4, 1, 3, 3],
      ['1.weight', 'float32', 4],
      ['1.bias', 'float32', 4],
      ['6.weight', 'float32', 2, 16],
      ['6.bias', 'float32', 2],
      ['1.running_mean', 'float32', 4],
      ['1.running_var', 'float32', 4],
      ['x', 'uint8', 4, 1, 6, 6],
      ['target', 'int32', 4],
      ['random.5', 'float32', 4, 16],
    ])
    expect(session.outputNames).toEqual([
      ...['loss', 'output', 'grad.0.weight', 'grad.1.weight', 'grad.1.bias', 'grad.6.weight', 'grad.6.bias'],
      ...['new.1.running_mean', 'new.1.running_var'],
    ])
    expect(decodeMetadata(bytes)).toEqual({
      step: 'a training step up to the gradients',
      classes: '["vertical","horizontal"]',
      'preparation inside': '["standardize"]',
      loss: '{"kind":"crossEntropy"}',
      random: '{"random.5":{"values":"0 with probability p, else 1 / (1 - p)","shape":[4,16],"p":0.3}}',
      run: 'r1',
    })
  })

  it('with the update inside is refused where a step is more than an update', async () => {
    const prepared = await prepare(classify)
    for (const [changes, what] of [
      [{ accumulate: 2 }, 'accumulate'],
      [{ clip: { norm: 1 } }, 'clip'],
      [{ averaging: ema() }, 'ema'],
    ] as const) {
      const of = classify.with(changes)
      expect(() => trainStepOnnx(of, prepared, { update: true })).toThrow(`no place for ${what}: leave the update out`)
      expect(trainStepOnnx(of, prepared).length).toBeGreaterThan(0)
    }
  })

  it('tells of a batch that is none, and of a name that is taken', async () => {
    const prepared = await prepare(classify)
    expect(() => trainStepOnnx(classify, prepared, { batch: 0 })).toThrow('trainStepOnnx: batch is 0: give a whole')
    const scaled = classify.with({
      model: sequential(
        linear(3),
        layer('Scale', { init: () => ({ x: filled([1], 1) }), apply: ({ x: gain }, h) => (gain ? mul(h, gain) : h) }),
      ),
    })
    expect(strictComplaints(trainStepOnnx(scaled, await prepare(scaled)))).toEqual([])
    const odd = classify.with({
      model: layer('Odd', {
        init: () => ({ x: filled([2, 3], 1) }),
        apply: ({ x: table }, h) => (table ? matmul(h, table) : h),
      }),
    })
    const preparedOdd = await prepare(odd)
    expect(() => trainStepOnnx(odd, preparedOdd)).toThrow('a weight of the model is named "x", which the exported step')
  })
})
