import { describe, expect, it } from 'vitest'
import { conv2d, flatten, type Layer, linear, type Outline, outline, relu, residual, sequential } from './index.ts'

const told = (of: Outline): unknown[] =>
  of.map((one) =>
    one.type === 'layer'
      ? `${one.path} ${one.layer.kind} ${one.input.join('×')} to ${one.output.join('×')}, ${one.parameters}`
      : [one.path, told(one.body), told(one.shortcut), told(one.after)],
  )

const conv = (stride = 1): Layer => conv2d(4, 3, { padding: 1, stride, bias: false })

describe('outline', () => {
  it('is a chain of layers, whatever sequential holds them', () => {
    const model = sequential({ features: sequential(conv(2), relu()), flat: flatten(), head: linear(3) })
    expect(told(outline(model, [1, 8, 8]))).toEqual([
      'features.0 Conv2d 1×8×8 to 4×4×4, 36',
      'features.1 ReLU 4×4×4 to 4×4×4, 0',
      'flat Flatten 4×4×4 to 64, 0',
      'head Linear 64 to 3, 195',
    ])
    expect(told(outline(linear(3), [2]))).toEqual([' Linear 2 to 3, 9'])
  })

  it('has residual blocks as branches, and branches in them', () => {
    const inner = residual(conv(), { after: relu() })
    const body = sequential({ conv1: conv(2), inner, conv2: conv() })
    const model = sequential(conv(), residual(body, { shortcut: sequential(conv(2)) }))
    expect(told(outline(model, [1, 8, 8]))).toEqual([
      '0 Conv2d 1×8×8 to 4×8×8, 36',
      [
        '1',
        [
          '1.conv1 Conv2d 4×8×8 to 4×4×4, 144',
          ['1.inner', ['1.inner.body Conv2d 4×4×4 to 4×4×4, 144'], [], ['1.inner.after ReLU 4×4×4 to 4×4×4, 0']],
          '1.conv2 Conv2d 4×4×4 to 4×4×4, 144',
        ],
        ['1.downsample.0 Conv2d 4×8×8 to 4×4×4, 144'],
        [],
      ],
    ])
  })

  it('shows a container of one’s own as the chain of its layers, in the order in which it applies them', () => {
    const [first, second] = [linear(4), linear(2)]
    const own: Layer = {
      kind: 'Own',
      config: {},
      children: { second, first },
      init: (key) => ({
        parameters: { first: first.init(key, [1, 3]).parameters, second: second.init(key, [1, 4]).parameters },
        buffers: {},
      }),
      apply: (parameters, x, context) =>
        context.applyChild('second', second, parameters, context.applyChild('first', first, parameters, x)),
    }
    expect(told(outline(sequential(own), [3]))).toEqual(['0.first Linear 3 to 4, 16', '0.second Linear 4 to 2, 10'])
  })
})
