import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  avgPool2d,
  constant,
  conv2d,
  matmul,
  maxPool2d,
  pad,
  placeholder,
  reshape,
  type Tensor,
} from '../../../tensor/index.ts'
import { evaluate, expectAgreement, gradientOf, real, type TensorFunction } from '../../../testing/check.ts'
import { fill } from '../../../testing/golden/formula.ts'
import { graphOf } from '../../graph.ts'
import { ortRuntime } from '../../ort/session.ts'
import { writeOnnx } from '../write.ts'

describe('a pool, or another op with windows, of what was padded', () => {
  const standard = ortRuntime('standard ONNX', ort, 'standard')
  const x = real([1, 1, 2, 3], [-1, -2, -3, -4, -5, -6])
  const padded = (t: Tensor, value = 0) => pad(t, { before: [0, 0, 1, 0], after: [0, 0, 1, 3], value })
  const cases: Readonly<Record<string, TensorFunction>> = {
    'the largest of negative numbers and zeros': (t) => maxPool2d(padded(t), [2, 3]),
    'padded with infinities': (t) => maxPool2d(padded(t, -Infinity), [1, 2]),
    'the mean, with more padding than a window': (t) => avgPool2d(padded(t), [1, 2]),
    'the mean, zeros counted': (t) => avgPool2d(padded(t), 2, { countIncludePad: false, padding: 1 }),
    'a convolution': (t, w) => conv2d(padded(t, 1), w),
  }

  it.each(Object.entries(cases))('%s', async (_, fn) => {
    const given = [x, real([1, 1, 2, 2], fill(4, 0.3, 1))]
    for (const runtime of [undefined, standard])
      for (const order of [fn, gradientOf(fn)]) await expectAgreement(order, given, runtime && { runtime })
  })

  it('zeros are larger than negative numbers', () => {
    expect(evaluate((t) => maxPool2d(padded(t), [4, 6]), [x])[0]?.data).toEqual(Float64Array.of(0))
  })
})

it('reshapes that only merge or split what comes after the batch, or with it, take any batch', async () => {
  const network = (batch: number) => {
    const [x, w] = [
      placeholder('x', { dtype: 'float32', shape: [batch, 2, 3] }),
      constant(fill(12, 0.3, 1), [3, 4], 'float32'),
    ]
    const y = reshape(matmul(reshape(x, [batch * 2, 3]), w), [batch, 8])
    return writeOnnx(graphOf([x], [y]), { target: 'standard', anyBatch: true })
  }
  expect(network(2)).toEqual(network(3))
  const session = await ort.InferenceSession.create(network(2))
  const { output_0: y } = await session.run({ input_0: new ort.Tensor('float32', new Float32Array(30), [5, 2, 3]) })
  expect(y?.dims).toEqual([5, 8])
})
