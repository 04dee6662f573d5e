import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import {
  avgPool2d,
  conv1d,
  conv2d,
  convTranspose2d,
  dropout,
  flatten,
  globalAvgPool2d,
  initialize,
  type Layer,
  layerNorm,
  linear,
  loadStateDict,
  maxPool1d,
  maxPool2d,
  relu,
  residual,
  sequential,
  tanh,
} from '../../nn/index.ts'
import { key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { expectDigest } from '../../testing/digest.ts'
import { fill } from '../../testing/golden/formula.ts'
import { inspectGolden } from '../../testing/golden/inspect.ts'
import { goldenNetwork } from '../../testing/networks.ts'
import { boxOf, effectiveFields, mappedBack, theoreticalFields } from './index.ts'

const golden = inspectGolden()

/** Rows and columns of a map that are not zero: the least box around them. */
function supportOf(map: Float64Array, width: number) {
  const there = [...map.keys()].filter((i) => map[i] !== 0)
  const [rows, columns] = [there.map((i) => Math.floor(i / width)), there.map((i) => i % width)]
  const [top, left] = [Math.min(...rows), Math.min(...columns)]
  return { top, left, height: Math.max(...rows) - top + 1, width: Math.max(...columns) - left + 1 }
}

const whole = (max: number, min = 1) => fc.integer({ min, max })

describe('theoretical fields', () => {
  it('are those of the closed formula, and those that gradients have, on 20 random architectures', async () => {
    const image = 41
    const window = fc.record({
      kernel: whole(3),
      stride: whole(2),
      dilation: whole(2),
      kind: fc.constantFrom('convolution', 'pool', 'residual'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(window, { minLength: 1, maxLength: 4 }), async (stack) => {
        let [size, jump, start] = [1, 1, 0]
        const layers = stack.map(({ kernel, stride, dilation, kind }): Layer => {
          const reach = (kind === 'pool' ? 1 : dilation) * (kernel - 1)
          const padding = kind === 'residual' ? dilation : kind === 'pool' ? 0 : Math.floor(reach / 2)
          // A residual block has a body of kernel 3 that keeps the size.
          const grown = kind === 'residual' ? 2 * dilation : reach
          size += grown * jump
          start -= padding * jump
          if (kind !== 'residual') jump *= stride
          if (kind === 'pool') return avgPool2d(kernel, { stride })
          if (kind === 'residual') return residual(conv2d(2, 3, { padding, dilation }))
          return conv2d(2, kernel, { stride, dilation, padding })
        })
        const model = sequential(conv2d(2, 1), ...layers)
        const sample = [1, image, image]
        const field = theoreticalFields(model, sample).at(-1)
        if (field === undefined) throw new Error('the model is a layer')
        expect([field.size, field.jump, field.start]).toEqual([
          [size, size],
          [jump, jump],
          [start, start],
        ])
        const data = normal(key(3), image * image)
        const [seen] = await effectiveFields({ model }, initialize(model, key(1), sample), { data, shape: sample }, [
          '',
        ])
        if (seen?.place === undefined) throw new Error('the output has places')
        expect(supportOf(seen.map, image)).toEqual(boxOf(field, seen.place, [image, image]))
      }),
      { numRuns: 20, seed: 7 },
    )
  }, 60_000)

  it('hold what max pools, transposed convolutions and sequences see', async () => {
    const enlarging = sequential(
      conv2d(2, 3, { stride: 2, padding: 1 }),
      convTranspose2d(2, 4, { stride: 2, padding: 1 }),
    )
    const pooled = sequential(conv2d(3, 3), relu(), maxPool2d(3, { stride: 2 }), conv2d(2, 3))
    for (const [model, sample] of [
      [enlarging, [1, 21, 21]],
      [pooled, [1, 21, 21]],
    ] as const) {
      const field = theoreticalFields(model, sample).at(-1)
      const inputs = { data: normal(key(5), 64 * 21 * 21), shape: sample }
      const [seen] = await effectiveFields({ model }, initialize(model, key(1), sample), inputs, [''])
      if (field === undefined || seen?.place === undefined) throw new Error('the output has places')
      const [box, support] = [boxOf(field, seen.place, [21, 21]), supportOf(seen.map, 21)]
      expect(support.top).toBeGreaterThanOrEqual(box.top)
      expect(support.left).toBeGreaterThanOrEqual(box.left)
      expect(support.top + support.height).toBeLessThanOrEqual(box.top + box.height)
      expect(support.left + support.width).toBeLessThanOrEqual(box.left + box.width)
      // Nothing but the bound of positions between two is lost.
      expect(support.width).toBeGreaterThanOrEqual(box.width - 2)
    }
    const [conv, pool] = theoreticalFields(sequential(conv1d(2, 5, { padding: 2 }), maxPool1d(4)), [3, 40])
    expect(conv).toMatchObject({ size: [1, 5], jump: [1, 1], start: [0, -2] })
    expect(pool).toMatchObject({ size: [1, 8], jump: [1, 4], start: [0, -2] })
  })

  it('are everything after a dense layer or a global average, and lose their places by flattening', () => {
    const fields = theoreticalFields(sequential(conv2d(2, 3), flatten(), linear(4), relu()), [1, 9, 9])
    expect(fields.slice(0, 3).map(({ size, isPlaced }) => [size[0], isPlaced])).toEqual([
      [3, true],
      [3, false],
      [Number.POSITIVE_INFINITY, false],
    ])
    const [, average] = theoreticalFields(sequential(conv2d(2, 3), globalAvgPool2d()), [1, 9, 9])
    if (average === undefined) throw new Error('there is a second layer')
    expect(boxOf(average, [0, 0], [9, 9])).toEqual({ top: 0, left: 0, height: 9, width: 9 })
  })

  it('refuse samples without places', () => {
    expect(() => theoreticalFields(linear(2), [5])).toThrow(UsageError)
    expect(() => theoreticalFields(linear(2), [5])).toThrow('have no places')
    expect(() => theoreticalFields(linear(2), [5, 3])).toThrow('no convolution or pool')
  })
})

describe('effective fields', () => {
  it.each(Object.entries(golden.effective))('are PyTorch’s: %s', async (name, digest) => {
    const [network = '', path = '', at = ''] = name.split('/')
    const { model, variables, x, golden: of } = goldenNetwork(network)
    const [row = 0, column = 0] = at.split(',').map(Number)
    const inputs = { data: x, shape: of.input.shape.slice(1) }
    for (const batch of [3, 32]) {
      const [found] = await effectiveFields({ model }, variables, inputs, [path], { place: [row, column], batch })
      if (found === undefined) throw new Error('one path has one field')
      expectDigest({ shape: [...found.image], data: found.map }, digest, 1e-5, name)
    }
  })

  it('count positions by the largest, and take one channel where that is asked for', async () => {
    const model = sequential(conv2d(2, 3, { padding: 1, bias: false }))
    const variables = loadStateDict(initialize(model, key(0), [1, 5, 5]), {
      '0.weight': {
        shape: [2, 1, 3, 3],
        data: Float32Array.of(0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0.01),
      },
    })
    const ask = async (options: object) => {
      const [found] = await effectiveFields(
        { model },
        variables,
        { data: new Float32Array(25), shape: [1, 5, 5] },
        ['0'],
        options,
      )
      return found
    }
    expect((await ask({ channel: 0 }))?.size).toBe(1)
    expect((await ask({ channel: 1 }))?.size).toBe(Math.sqrt(8))
    expect((await ask({}))?.map[12]).toBe(3)
    const sequence = conv1d(1, 4)
    const inputs = { data: new Float32Array(12), shape: [1, 12] }
    const [stretch] = await effectiveFields({ model: sequence }, initialize(sequence, key(0), [1, 12]), inputs, [''])
    expect(stretch).toMatchObject({ image: [1, 12], size: 4 })
    await expect(ask({ channel: 2 })).rejects.toThrow('has no channel 2: give 0 to 1')
    await expect(ask({ place: [5, 0] })).rejects.toThrow('has no place 5, 0')
  })
})

describe('weights mapped back', () => {
  it('are the products of the matrices before, as in PyTorch', async () => {
    const dense = sequential(linear(5, { bias: false }), tanh(), dropout(0.5), linear(3, { bias: false }))
    const variables = loadStateDict(initialize(dense, key(0), [12]), {
      '0.weight': { shape: [5, 12], data: fill(60, 0.3, 0.5) },
      '3.weight': { shape: [3, 5], data: fill(15, 1.1, 0.4) },
    })
    const found = await mappedBack({ model: dense, variables }, [12], '3')
    expect(found).toMatchObject({ units: [0, 1, 2], passed: ['1'] })
    expectDigest({ shape: [3, 12], data: Float64Array.from(found.data) }, golden.mapped.dense, 1e-5, 'dense')
    const first = await mappedBack({ model: dense, variables }, [12], '0', [4, 1])
    expect([...first.data]).toEqual([...fill(60, 0.3, 0.5).slice(48, 60), ...fill(60, 0.3, 0.5).slice(12, 24)])
  })

  it.each([
    ['an average pool', avgPool2d(2), []],
    ['a max pool, for which an average stands', maxPool2d(2), ['1']],
  ])('go through a convolution and %s', async (_, pool, passed) => {
    const model = sequential(conv2d(2, 3, { padding: 1, bias: false }), pool, flatten(), linear(4, { bias: false }))
    const variables = loadStateDict(initialize(model, key(0), [1, 6, 6]), {
      '0.weight': { shape: [2, 1, 3, 3], data: fill(18, 0.7, 0.3) },
      '3.weight': { shape: [4, 18], data: fill(72, 2.1, 0.2) },
    })
    const found = await mappedBack({ model, variables }, [1, 6, 6], '3')
    expect(found.passed).toEqual(passed)
    expectDigest({ shape: [4, 1, 6, 6], data: Float64Array.from(found.data) }, golden.mapped.convolution, 1e-5, 'dense')
  })

  it('refuse what is not linear and no activation, and units that are not there', async () => {
    const model = sequential(linear(6), layerNorm(), linear(2))
    const variables = initialize(model, key(0), [4])
    await expect(mappedBack({ model, variables }, [4], '2')).rejects.toThrow('what comes before layer 2 is not linear')
    await expect(mappedBack({ model, variables }, [4], '0', [6])).rejects.toThrow('has units 0 to 5, and number 6')
    await expect(mappedBack({ model, variables }, [4], '7')).rejects.toThrow('the model has no layer "7"')
  })
})
