import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { FLOAT, FLOAT16, foreignOnnx, node, STRING, value } from '../../testing/foreignOnnx.ts'
import { fill } from '../../testing/golden/formula.ts'
import { pathOf, readCases } from '../../testing/interchange/interchange.ts'
import { onnxModel } from './node.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-onnx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('a classifier that PyTorch exported', () => {
  const golden = readCases('torch').find(({ name }) => name === 'convNet')
  if (golden === undefined) throw new Error('there is no such network')
  const { input, logits } = golden
  const images = fill(5 * 144, input.phase, input.scale, input.offset)

  it.each([
    ['any batch, in one run', 'from-torch-any-batch.onnx', {}, ['N', 1, 12, 12]],
    ['any batch, two at a time', 'from-torch-any-batch.onnx', { batch: 2 }, ['N', 1, 12, 12]],
    // Five samples are a run of four, and one that is filled up.
    ['a batch of four', 'from-torch-batch-4.onnx', {}, [4, 1, 12, 12]],
  ])('gives PyTorch’s logits: %s', async (_, file, options, shape) => {
    const model = await onnxModel(pathOf(file), options)
    expect(model.input).toEqual({ name: 'image', dtype: 'float32', shape })
    expect(model.outputs).toEqual([{ name: 'logits', dtype: 'float32', shape: [shape[0], 10] }])
    expect(model.sample).toEqual([1, 12, 12])
    const found = await model.predict(images)
    expect(found.shape).toEqual([5, 10])
    logits.flat().forEach((logit, i) => {
      expect(found.data[i]).toBeCloseTo(logit, 5)
    })
    await model.dispose()
  })
})

/** A linear classifier as older and other exporters write them: version 3, weights among the inputs and not as raw bytes. */
const linear = (parts: Partial<Parameters<typeof foreignOnnx>[0]> = {}): Uint8Array =>
  foreignOnnx({
    irVersion: 3,
    opset: 9,
    node: [
      node('ArgMax', ['z'], ['label']),
      node('MatMul', ['pixels', 'w'], ['z']),
      node('Softmax', ['z'], ['probabilities']),
    ],
    initializer: [{ name: 'w', dims: [3, 2], dataType: 1, floatData: [1, 0, 0, 1, 1, 1] }],
    input: [value('w', [3, 2]), value('pixels', ['N', 3])],
    output: [value('label', ['N', 1], 7), value('probabilities')],
    metadataProps: [{ key: 'classes', value: '["cat","dog"]' }],
    ...parts,
  })

describe('a file with its own ways', () => {
  it('runs from its bytes: the first real output by default, another by name, whole numbers as numbers', async () => {
    const model = await onnxModel(linear(), { batch: 1 })
    expect(model.input).toEqual({ name: 'pixels', dtype: 'float32', shape: ['N', 3] })
    expect(model.outputs.map(({ name, dtype }) => [name, dtype])).toEqual([
      ['label', 'int64'],
      ['probabilities', 'float32'],
    ])
    const samples = Float32Array.of(2, 0, 5, 0, 1, -7)
    const { shape, data } = await model.predict(samples)
    expect(shape).toEqual([2, 2])
    const [cat, dog] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(2))]
    for (const [i, expected] of [cat, dog, 1 / (1 + Math.E), 1 / (1 + 1 / Math.E)].entries())
      expect(data[i]).toBeCloseTo(expected, 6)
    expect(await model.metadata()).toEqual({ classes: '["cat","dog"]' })
    await expect(model.predict(samples, { output: 'logits' })).rejects.toThrow(
      /has no output "logits" of numbers; it gives "label", int64 \[.*\]; "probabilities", float32/,
    )
  })

  it('gives whole numbers as float32, and refuses an output that is not a row a sample', async () => {
    const bytes = foreignOnnx({
      node: [node('ArgMax', ['x'], ['label'])],
      input: [value('x', [null, 3])],
      output: [value('label', undefined, 7)],
    })
    // ArgMax goes along the batch by default, so that one label an entry comes out and not one a sample.
    await expect((await onnxModel(bytes)).predict(Float32Array.of(0, 2, 1, 5, 1, 9))).rejects.toThrow(
      'output "label" is [1, 3] for 2 samples: name an output with a row a sample',
    )
    const one = await (await onnxModel(bytes)).predict(Float32Array.of(0, 2, 1))
    expect(one).toEqual({ shape: [1, 3], data: Float32Array.of(0, 0, 0) })
  })

  it.each([
    ['float64', 11, Float64Array.of(1, -2, 3, -4)],
    ['int64', 7, BigInt64Array.of(1n, -2n, 3n, -4n)],
    ['int8', 3, Int8Array.of(1, -2, 3, -4)],
  ])('takes %s, and a view into a larger array', async (dtype, elemType, samples) => {
    const bytes = foreignOnnx({
      node: [node('Abs', ['x'], ['y'])],
      input: [value('x', [3, 1], elemType)],
      output: [value('y', [3, 1], elemType)],
    })
    const model = await onnxModel(bytes)
    expect(model.input.dtype).toBe(dtype)
    expect(await model.predict(samples)).toEqual({ shape: [4, 1], data: Float32Array.of(1, 2, 3, 4) })
    expect((await model.predict(samples.subarray(1, 3))).data).toEqual(Float32Array.of(2, 3))
  })

  it('that leaves more open than the batch is told the shape of a sample', async () => {
    const bytes = foreignOnnx({
      node: [node('GlobalAveragePool', ['x'], ['y'])],
      input: [value('x', ['N', 2, 'h', null])],
      output: [value('y')],
    })
    await expect(onnxModel(bytes)).rejects.toThrow(
      'the model takes "x", float32 [N, 2, h, ?], which leaves the shape of a sample open: say it',
    )
    for (const sample of [
      [3, 2, 2],
      [2, 2],
    ])
      await expect(onnxModel(bytes, { sample })).rejects.toThrow(`samples of [${sample.join(', ')}] do not fit`)
    const model = await onnxModel(bytes, { sample: [2, 1, 2] })
    expect(model.sample).toEqual([2, 1, 2])
    const { shape, data } = await model.predict(Float32Array.of(1, 3, 5, 7))
    expect([shape, [...data]]).toEqual([
      [1, 2, 1, 1],
      [2, 6],
    ])
  })

  it('finds weights that lie beside it, and says so where they do not', async () => {
    const bytes = linear({
      initializer: [
        { name: 'w', dims: [3, 2], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'w.bin' }] },
      ],
    })
    const path = write('outside.onnx', bytes)
    const message =
      /keeps its weights in files beside it, and they are not there: .* give its path instead of its bytes/
    await expect(onnxModel(path)).rejects.toThrow(message)
    await expect(onnxModel(bytes)).rejects.toThrow(message)
    write('w.bin', new Uint8Array(Float32Array.of(0, 1, 0, 0, 0, 0).buffer))
    const { data } = await (await onnxModel(path)).predict(Float32Array.of(100, 0, 0))
    expect([...data.map(Math.round)]).toEqual([0, 1])
  })
})

describe('what does not go is said in one sentence', () => {
  const identity = (elemType: number, ...input: ReturnType<typeof value>[]) =>
    foreignOnnx({ node: [node('Identity', ['x'], ['y'])], input, output: [value('y', undefined, elemType)] })
  it.each([
    [
      'no file',
      () => onnxModel(join(folder, 'nowhere.onnx')),
      /^there is no file .*nowhere\.onnx: give the path of an/,
    ],
    ['a folder', () => onnxModel(folder), /^there is no file .*: give the path/],
    [
      'no ONNX',
      () => onnxModel(write('a.onnx', Buffer.from('hello'))),
      /a\.onnx is no ONNX file, or it is damaged \(Pr/,
    ],
    ['no bytes', () => onnxModel(new Uint8Array()), /^the model is no ONNX file/],
    ['a cut file', () => onnxModel(linear().subarray(0, 100)), /^the model is no ONNX file, or it is damaged/],
    [
      'an operator set to come',
      () => onnxModel(linear({ opset: 99 })),
      /^ONNX Runtime cannot run the model \(.*export/,
    ],
    [
      'two inputs',
      () => onnxModel(identity(FLOAT, value('x', ['N', 3]), value('mask', [2]))),
      /^the model takes 2 inputs \("x", float32 \[N, 3\]; "mask", float32 \[2\]\): give a model that takes one/,
    ],
    [
      'half precision',
      () => onnxModel(identity(FLOAT16, value('x', ['N'], FLOAT16))),
      /takes "x", float16 \[N\]: give a model/,
    ],
    [
      'texts',
      () => onnxModel(identity(STRING, value('x', ['N'], STRING))),
      /takes "x", string \[N\]: give a model that takes numbers of type float32/,
    ],
    ['batch 0', () => onnxModel(linear(), { batch: 0 }), /batch is 0: give a whole number of at least 1/],
    ['threads -2', () => onnxModel(linear(), { threads: -2 }), /^threads is -2: give a whole number of at least 1/],
  ])('%s', async (_, act, message) => {
    const acting = act()
    await expect(acting).rejects.toThrow(UsageError)
    await expect(acting).rejects.toThrow(message)
    await expect(acting).rejects.not.toThrow(/\n/)
  })

  it.each([
    [
      'bytes for float32',
      new Uint8Array(3),
      /takes float32, and got a Uint8Array of 3: give Float32Array\.from\(samples\)/,
    ],
    ['half a sample', new Float32Array(5), /takes samples of \[3\], 3 numbers each, and got a Float32Array of 5: give/],
    ['nothing', new Float32Array(), /got a Float32Array of 0/],
  ])('%s', async (_, samples, message) => {
    const predicting = (await onnxModel(linear())).predict(samples)
    await expect(predicting).rejects.toThrow(UsageError)
    await expect(predicting).rejects.toThrow(message)
  })

  it('a batch that is open outside and fixed inside: run it one by one', async () => {
    const bytes = foreignOnnx({
      node: [node('Reshape', ['x', 'shape'], ['y'])],
      initializer: [{ name: 'shape', dims: [2], dataType: 7, int64Data: [1, 3] }],
      input: [value('x', ['N', 3])],
      output: [value('y', ['N', 3])],
    })
    const samples = Float32Array.of(1, 2, 3, 4, 5, 6)
    await expect((await onnxModel(bytes)).predict(samples)).rejects.toThrow(
      /^the model does not run on \[2, 3\] \(.*\): its batch may be fixed inside, so try batch 1$/,
    )
    expect((await (await onnxModel(bytes, { batch: 1 })).predict(samples)).data).toEqual(samples)
  })
})
