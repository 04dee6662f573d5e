import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { topologicalOrder } from '../../../autodiff/index.ts'
import * as ops from '../../../tensor/index.ts'
import { operationTable, placeholder, type Tensor, zeros } from '../../../tensor/index.ts'
import { expectAgreement, gradientOf } from '../../../testing/check.ts'
import { argumentsOf, orders, samples } from '../../../testing/samples.ts'
import { graphOf } from '../../graph.ts'
import { ortRuntime } from '../../ort/session.ts'
import { decodeModel } from '../proto.ts'
import { writeOnnx } from '../write.ts'
import { lowerings } from './index.ts'

const { constant, conv2d } = ops

/** One tensor of each op that the samples and their gradients use. */
function usedTensors(): Map<string, Tensor> {
  const used = new Map<string, Tensor>()
  for (const [fn, ...shapes] of Object.values(samples)) {
    const inputs = shapes.map((shape, i) => placeholder(`${i}`, { dtype: 'float32', shape }))
    const outputs = orders(fn).flatMap((order) => order(...inputs))
    for (const tensor of topologicalOrder(outputs)) used.set(tensor.operation.name, tensor)
  }
  return used
}

describe('every row of the op table', () => {
  const rows = [...operationTable.values()].filter(({ isHost, name }) => !isHost && name !== 'placeholder')
  const used = usedTensors()

  it.each(rows.map((row) => [row.name, row] as const))(
    '%s has a lowering, and so has all that its VJP uses',
    (name, row) => {
      expect(lowerings.has(name), `${name} has no lowering in src/runtime/onnx/lowerings`).toBe(true)
      const tensor = used.get(name)
      if (tensor === undefined) throw new Error(`no sample above reaches the op ${name}: add one`)
      if (!row.differentiable) return
      const pulled = row.pullback(tensor, zeros(tensor.shape)).filter((one) => one !== undefined)
      for (const { operation } of topologicalOrder(pulled))
        if (operation.name !== 'placeholder')
          expect(
            lowerings.has(operation.name),
            `the VJP of ${name} uses ${operation.name}, which has no lowering`,
          ).toBe(true)
    },
  )

  it('there is no lowering without a row', () => {
    expect([...lowerings.keys()].filter((name) => !operationTable.has(name))).toEqual([])
  })
})

describe('with constants for all inputs but the first', () => {
  // ONNX Runtime folds constants and lays constant weights out in blocks.
  it.each(Object.entries(samples))('%s: the same numbers', async (_, [fn, ...shapes]) => {
    const [first, ...baked] = argumentsOf(shapes)
    if (first === undefined) throw new Error('a sample needs an input')
    const constants = baked.map(({ type, data }) => constant(data, type.shape, type.dtype))
    for (const order of orders((x) => fn(x, ...constants))) await expectAgreement(order, [first], { tolerance: 1e-4 })
  })

  it('a blocked network: 16 channels in, 32 out, pooled', async () => {
    const [x, first, second] = argumentsOf([
      [2, 3, 8, 8],
      [16, 3, 3, 3],
      [32, 16, 3, 3],
    ])
    if (!x || !first || !second) throw new Error('three arrays')
    const weights = [first, second].map(({ type, data }) => constant(data, type.shape, type.dtype))
    const network = (input: Tensor) =>
      weights.reduce((map, weight) => ops.maxPool2d(ops.relu(conv2d(map, weight, { padding: 1 })), 2), input)
    await expectAgreement(network, [x], { tolerance: 1e-5 })
    await expectAgreement(gradientOf(network), [x], { tolerance: 1e-5 })
  })
})

describe('the standard target, for pages and exported files', () => {
  const standard = ortRuntime('standard ONNX', ort, 'standard')

  it.each(Object.entries(samples))('%s: ONNX’s own ops alone, and the same numbers', async (_, [fn, ...shapes]) => {
    const given = argumentsOf(shapes)
    for (const order of orders(fn)) {
      await expectAgreement(order, given, { runtime: standard, tolerance: 1e-4 })
      await expectAgreement(order, given, { tolerance: 1e-4 })
      const inputs = shapes.map((shape, i) => placeholder(`${i}`, { dtype: 'float32', shape }))
      const model = decodeModel(writeOnnx(graphOf(inputs, [order(...inputs)].flat()), { target: 'standard' }))
      expect(model.opsetImport.map(({ domain }) => domain)).toEqual([''])
      expect(model.graph.node.filter(({ domain }) => domain !== '')).toEqual([])
    }
  })

  it('the native one uses more, so the check above can fail', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
    const bytes = writeOnnx(graphOf([x], [ops.matmul(ops.transpose(x), x)]), { target: 'native' })
    expect(decodeModel(bytes).graph.node.map(({ domain }) => domain)).toContain('com.microsoft')
  })
})
