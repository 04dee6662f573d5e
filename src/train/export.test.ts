import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import '../index.ts'
import { gather } from '../data/index.ts'
import {
  batchNorm2d,
  conv2d,
  flatten,
  globalAvgPool2d,
  linear,
  mse,
  relu,
  residual,
  sequential,
  tanh,
} from '../nn/index.ts'
import { adam } from '../optim/index.ts'
import { decodeMetadata, decodeModel } from '../runtime/onnx/proto.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { sine } from '../testing/made.ts'
import { strictComplaints } from '../testing/strictOnnx.ts'
import { type Experiment, experiment, inferenceOnnx } from './index.ts'

const block = (channels: number, stride: number) =>
  sequential(
    residual(
      sequential(
        ...[conv2d(channels, 3, { stride, padding: 1, bias: false }), batchNorm2d(), relu()],
        ...[conv2d(channels, 3, { padding: 1, bias: false }), batchNorm2d()],
      ),
      stride === 1 ? {} : { shortcut: sequential(conv2d(channels, 1, { stride, bias: false }), batchNorm2d()) },
    ),
    relu(),
  )

const experiments: readonly (readonly [string, Experiment])[] = [
  ['a dense network with dropout, on standardised float32', classify],
  ['convolution, batch norm and pool, on standardised bytes', convolve],
  [
    'a residual network',
    convolve.with({
      model: sequential(
        conv2d(4, 3, { padding: 1 }),
        block(4, 1),
        block(6, 2),
        globalAvgPool2d(),
        flatten(),
        linear(2),
      ),
    }),
  ],
  [
    'a regression without preparation',
    experiment({
      name: 'sine',
      data: sine(40),
      model: sequential(linear(8), tanh(), linear(1)),
      loss: mse(),
      optimizer: adam(),
      epochs: 2,
    }),
  ],
]

describe.each(experiments)('model.onnx of %s', (_, of) => {
  it('gives in plain ONNX Runtime what Assay predicts, for batches of any size, and stands a strict reading', async () => {
    const { prepared, state, evaluate } = await trained(of, 0)
    const bytes = inferenceOnnx(prepared, state.variables, { run: 'r1' })
    expect(strictComplaints(bytes)).toEqual([])
    const { input, output } = decodeModel(bytes).graph
    expect([input, output].map((values) => values.map(({ name }) => name))).toEqual([['input'], ['output']])
    const { target, inputDtype, train, transforms } = prepared
    expect(decodeMetadata(bytes)).toEqual({
      ...(target.task === 'classification' && { classes: JSON.stringify(target.classes) }),
      'preparation inside': JSON.stringify(transforms.map(({ kind }) => kind)),
      run: 'r1',
    })

    const { predictions } = await evaluate(train)
    const expected = predictions.task === 'classification' ? predictions.scores : predictions.outputs
    const width = expected.length / train.indices.length
    const scale = Math.max(...expected.map(Math.abs))
    const session = await ort.InferenceSession.create(bytes)
    const { dataset, indices } = train
    for (const part of [indices, indices.subarray(0, 1), indices.subarray(3, 10)]) {
      const { inputs } = await gather(dataset, part)
      const samples = new ort.Tensor(inputDtype, inputs, [part.length, ...dataset.inputs.shape])
      const found = (await session.run({ input: samples })).output
      expect(found?.dims).toEqual([part.length, width])
      const start = part.byteOffset / 4 - indices.byteOffset / 4
      for (const [i, value] of [...((found?.data ?? []) as Float32Array)].entries())
        expect(Math.abs(value - (expected[start * width + i] ?? Number.NaN))).toBeLessThan(1e-5 * scale)
    }
    await session.release()
  })
})
