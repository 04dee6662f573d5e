import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  avgPool2d,
  conv1d,
  conv2d,
  dropout,
  flatten,
  globalAvgPool1d,
  globalAvgPool2d,
  type Layer,
  linear,
  maxPool1d,
  maxPool2d,
  relu,
  residual,
  sequential,
  summary,
} from './index.ts'

describe('summary', () => {
  it('is what its example says', () => {
    expect(summary(sequential(conv2d(16, 3), relu(), flatten(), linear(10)), [1, 28, 28]).parameters).toBe(108330)
  })

  it('counts LeNet-5 as its paper’s successors do', () => {
    const model = sequential({
      c1: conv2d(6, 5, { padding: 2 }),
      act1: relu(),
      s2: avgPool2d(2),
      c3: conv2d(16, 5),
      act3: relu(),
      s4: avgPool2d(2),
      flat: flatten(),
      f5: linear(120),
      f6: linear(84),
      out: linear(10),
    })
    const { rows, parameters, macs } = summary(model, [1, 28, 28])
    const table = rows.map((row) => [
      row.path,
      row.outputShape,
      row.parameters,
      row.macs,
      row.receptiveField?.join('×'),
    ])
    expect(table).toEqual([
      ['c1', [6, 28, 28], 6 * 26, 28 * 28 * 6 * 25, '5×5'],
      ['act1', [6, 28, 28], 0, 0, '5×5'],
      ['s2', [6, 14, 14], 0, 0, '6×6'],
      ['c3', [16, 10, 10], 16 * 151, 100 * 16 * 150, '14×14'],
      ['act3', [16, 10, 10], 0, 0, '14×14'],
      ['s4', [16, 5, 5], 0, 0, '16×16'],
      ['flat', [400], 0, 0, '16×16'],
      ['f5', [120], 401 * 120, 48_000, '28×28'],
      ['f6', [84], 121 * 84, 120 * 84, '28×28'],
      ['out', [10], 850, 840, '28×28'],
    ])
    expect(parameters).toBe(61_706)
    expect(macs).toBe(rows.reduce((sum, row) => sum + row.macs, 0))
    expect(rows[0]?.layer).toBe('Conv2d(outChannels 6, kernel 5, padding 2, bias)')
  })

  it('counts the channels of a group only', () => {
    const { rows } = summary(sequential(conv2d(8, 3, { groups: 4, bias: false })), [4, 5, 5])
    expect(rows[0]).toMatchObject({ parameters: 8 * 9, macs: 9 * 8 * 9 })
  })

  it('has no receptive field where the input is no image', () => {
    const { rows, macs } = summary(sequential(linear(4), dropout(0.5)), [3])
    expect(rows.map(({ receptiveField }) => receptiveField)).toEqual([undefined, undefined])
    expect(macs).toBe(12)
  })
})

describe('receptive fields', () => {
  it('follow 1 + Σ dilation·(kernel - 1)·Π strides before, up to the image', () => {
    const size = (max: number) => fc.integer({ min: 1, max })
    const window = fc.record({ kernel: size(3), stride: size(2), dilation: size(2), isPool: fc.boolean() })
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 4 }), (stack) => {
        const layers = stack.map(({ kernel, stride, dilation, isPool }): Layer => {
          if (isPool) return maxPool2d(kernel, { stride })
          return conv2d(1, [kernel, 1], { stride: [stride, 1], dilation: [dilation, 1] })
        })
        const image = 64
        const { rows } = summary(sequential(...layers), [1, image, image])
        let [height, jump] = [1, 1]
        let [width, jumpAlong] = [1, 1]
        for (const [i, { kernel, stride, dilation, isPool }] of stack.entries()) {
          height += (isPool ? 1 : dilation) * (kernel - 1) * jump
          jump *= stride
          if (isPool) width += (kernel - 1) * jumpAlong
          if (isPool) jumpAlong *= stride
          expect(rows[i]?.receptiveField).toEqual([Math.min(image, height), Math.min(image, width)])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('of sequences have height 1, where windows move over them', () => {
    const { rows } = summary(sequential(conv1d(2, 5), maxPool1d(2), conv1d(2, 3), globalAvgPool1d()), [1, 40])
    expect(rows.map(({ receptiveField }) => receptiveField?.join('×'))).toEqual(['1×5', '1×6', '1×10', '1×40'])
    expect(summary(sequential(linear(4)), [7, 3]).rows[0]?.receptiveField).toBeUndefined()
  })

  it('take the widest path through a residual, and the image after a global average', () => {
    const body = sequential(conv2d(2, 3, { padding: 1 }), conv2d(2, 3, { padding: 1 }))
    const block = residual(body, { shortcut: conv2d(2, 1) })
    const { rows } = summary(sequential(block, conv2d(2, 3), globalAvgPool2d()), [1, 20, 12])
    expect(rows.map(({ path, receptiveField }) => [path, receptiveField?.join('×')])).toEqual([
      ['0.0', '3×3'],
      ['0.1', '5×5'],
      ['0.downsample', '1×1'],
      ['1', '7×7'],
      ['2', '20×12'],
    ])
  })
})

it('counts the parameters of a model that is one layer', () => {
  const { rows, parameters } = summary(linear(1), [3])
  expect(rows.map((row) => row.parameters)).toEqual([4])
  expect(parameters).toBe(4)
})
