import { describe, expect, it } from 'vitest'
import { topologicalOrder } from '../../autodiff/index.ts'
import { add, mul, placeholder, relu, sub, type Tensor, tanh } from '../../tensor/index.ts'
import { gradientOf, squared } from '../../testing/check.ts'
import { samples } from '../../testing/samples.ts'
import { operationsOf, simplified } from '../../testing/simplified.ts'
import { simplify } from './index.ts'

describe('simplify', () => {
  it.each(Object.entries(samples))('keeps values and gradients, and comes to an end: %s', (_, [fn, ...shapes]) => {
    const inputs = shapes.map((shape, i) => placeholder(`${i}`, { dtype: 'float32', shape }))
    const gradient = gradientOf(squared(fn))
    const outputs = [fn, gradient, gradientOf(gradient)].flatMap((order) => order(...inputs))
    const once = simplify(outputs)
    expect(operationsOf(once).length).toBeLessThanOrEqual(operationsOf(outputs).length)
    expect(simplify(once)).toEqual(once)
    simplified(fn, ...shapes)
  })

  it('leaves what cannot be simplified the same tensors', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    const bent = tanh(x)
    const outputs = [bent, relu(sub(x, bent))]
    expect(simplify(outputs)).toEqual(outputs)
    expect(simplify([x])).toEqual([x])
  })

  it('goes through long graphs', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2] })
    const deep = Array.from({ length: 20_000 }).reduce<Tensor>((y, _, i) => (i % 2 === 0 ? tanh(y) : mul(y, 1)), x)
    expect(topologicalOrder(simplify([deep]))).toHaveLength(10_001)
  })

  it('works again on what one rule leaves for another', () => {
    // The 0 is found, then the sum of one with itself, then the chain of numbers.
    expect(simplified((x) => mul(add(add(x, sub(1, 1)), x), 3), [2])).toEqual(['mul'])
  })
})
