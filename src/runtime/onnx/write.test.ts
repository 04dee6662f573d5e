import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { key, keyData, randomUniform } from '../../random/index.ts'
import {
  add,
  constant,
  defineOperation,
  exp,
  matmul,
  mul,
  ones,
  pad,
  placeholder,
  relu,
  reshape,
  swapLastAxes,
  tensor,
} from '../../tensor/index.ts'
import { graphOf } from '../graph.ts'
import { hostData } from '../host.ts'
import { decodeModel } from './proto.ts'
import { writeOnnx } from './write.ts'

const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
const opTypes = (...outputs: ReturnType<typeof relu>[]) =>
  decodeModel(writeOnnx(graphOf([x], outputs), { target: 'standard' })).graph.node.map(({ opType }) => opType)

describe('a written model', () => {
  it('leaves out what was written for others to look through', () => {
    const graph = graphOf([x], [matmul(x, swapLastAxes(relu(x)))])
    const { node, initializer } = decodeModel(writeOnnx(graph, { target: 'native' })).graph
    expect(node.map(({ opType }) => opType)).toEqual(['Relu', 'FusedMatMul'])
    expect(initializer).toEqual([])
  })

  it('has the names, types and metadata it is given, and runs in plain ONNX Runtime', async () => {
    const drawn = randomUniform(constant(keyData(key(3)), [2], 'uint32'), [3])
    const graph = graphOf([x], [add(relu(x), drawn), x])
    const bytes = writeOnnx(graph, {
      target: 'standard',
      names: { inputs: ['image'], hostValues: ['noise'], outputs: ['logits', 'same'] },
      metadata: { run: 'r1', experiment: '{"name":"x"}' },
    })
    const model = decodeModel(bytes)
    expect(model.producerName).toBe('assay')
    expect(model.opsetImport).toEqual([{ domain: '', version: 18 }])
    expect(model.metadataProps).toEqual([
      { key: 'run', value: 'r1' },
      { key: 'experiment', value: '{"name":"x"}' },
    ])
    expect(model.graph.input.map(({ name }) => name)).toEqual(['image', 'noise'])
    const session = await ort.InferenceSession.create(bytes)
    expect([session.inputNames, session.outputNames]).toEqual([
      ['image', 'noise'],
      ['logits', 'same'],
    ])
    const data = Float32Array.of(-1, 2, -3, 4, -5, 6)
    const [noise] = hostData(graph, [data])
    if (!(noise instanceof Float32Array)) throw new Error('no noise')
    const results = await session.run({ image: new ort.Tensor(data, [2, 3]), noise: new ort.Tensor(noise, [3]) })
    expect(results.logits?.data).toEqual(data.map((value, i) => Math.max(value, 0) + (noise[i % 3] ?? 0)))
    expect(results.logits?.dims).toEqual([2, 3])
    expect(results.same?.data).toEqual(data)
  })

  it('may leave the batch open', async () => {
    const bytes = writeOnnx(graphOf([x], [reshape(mul(x, 2), [2, 3, 1])]), { target: 'standard', anyBatch: true })
    const session = await ort.InferenceSession.create(bytes)
    const results = await session.run({ input_0: new ort.Tensor(new Float32Array(15).fill(1), [5, 3]) })
    expect(results.output_0?.dims).toEqual([5, 3, 1])
  })

  it('computes equal things once, and keeps different ones apart', () => {
    expect(opTypes(add(exp(x), exp(x)))).toEqual(['Exp', 'Add'])
    const padded = (value: number) => pad(x, { before: [1, 0], after: [0, 0], value })
    expect(opTypes(padded(1), padded(1))).toEqual(['Pad', 'Identity'])
    expect(opTypes(padded(1), padded(2))).toEqual(['Pad', 'Pad'])
    expect(opTypes(padded(Infinity), padded(-Infinity))).toEqual(['Pad', 'Pad'])
  })

  it('stores small equal constants once', () => {
    const { initializer } = decodeModel(
      writeOnnx(graphOf([x], [mul(add(x, 2), tensor(2)), add(x, ones([3]))]), { target: 'standard' }),
    ).graph
    expect(initializer.map(({ dims }) => dims)).toEqual([[], [3]])
  })

  it('names an op without lowering', () => {
    const unwritten = defineOperation<Record<string, never>>({
      name: 'unwritten',
      infer: ([input]) => input ?? x,
      reference: ([input]) => input ?? { shape: [], data: new Float64Array(1) },
    })
    expect(() => opTypes(unwritten.apply([x], {}))).toThrow('the op unwritten has no ONNX lowering')
  })
})
