import { expect, it } from 'vitest'
import { vjp } from '../../../autodiff/index.ts'
import { layerNorm, ones, placeholder, type Shape, type Tensor } from '../../../tensor/index.ts'
import { graphOf } from '../../graph.ts'
import { simplify } from '../../simplify/index.ts'
import { decodeModel } from '../proto.ts'
import { writeOnnx } from '../write.ts'

const input = (shape: Shape): Tensor => placeholder('x', { dtype: 'float32', shape })
const [x, weight, bias] = [input([6, 8]), input([8]), input([8])]

const nodesOf = (outputs: readonly Tensor[]): string[] =>
  decodeModel(writeOnnx(graphOf([x, weight, bias], simplify(outputs)), { target: 'standard' })).graph.node.map(
    ({ opType }) => opType,
  )

it('layer normalisation is one node', () => {
  expect(nodesOf([layerNorm(x, { weight, bias })])).toEqual(['LayerNormalization'])
  expect(nodesOf([layerNorm(x, { axes: 2 })])).toEqual(['LayerNormalization'])
})

it('its gradient takes the deviations of the same node', () => {
  const y = layerNorm(x, { weight, bias })
  const nodes = nodesOf([y, ...vjp([y], [ones([6, 8])], [weight, bias, x])])
  expect(nodes.filter((type) => type === 'LayerNormalization')).toHaveLength(1)
  // Alone, it makes a node of its own.
  expect(nodesOf(vjp([y], [ones([6, 8])], [x]))).toContain('LayerNormalization')
})
