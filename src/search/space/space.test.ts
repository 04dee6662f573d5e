import fc from 'fast-check'
import { describe, expect, expectTypeOf, it, test } from 'vitest'
import { definitions, points } from '../../testing/searchSpaces.ts'
import { bool, branch, choice, describeSpace, float, int, logFloat, readSpace, space, spaceHash } from './index.ts'
import { cellOf, levelAt, levelsOf, valueAt } from './leaf.ts'

const tuning = space(
  {
    lr: logFloat(1e-5, 1e-1),
    width: int(16, 512, { log: true }),
    dropout: float(0, 0.5, { step: 0.1 }),
    hidden: choice([[32], [64, 32]]),
    activation: choice(['relu', 'tanh']),
    batchNorm: bool(),
    optimizer: branch({
      adam: { beta1: float(0.8, 0.99) },
      sgd: { momentum: float(0, 0.99), nesterov: branch({ off: {}, on: { warmup: int(1, 5) } }) },
    }),
  },
  [{ holds: ({ lr, dropout }) => lr < 0.05 || dropout > 0, why: 'fast learning needs dropout' }],
)

const config = {
  lr: 1e-3,
  width: 64,
  dropout: 0.3,
  hidden: [64, 32],
  activation: 'relu',
  batchNorm: true,
  optimizer: { kind: 'sgd', momentum: 0.5, nesterov: { kind: 'on', warmup: 2 } },
}

test('the type of a configuration follows from the parameters', () => {
  if (!tuning.contains(config)) throw new Error('not a configuration')
  const found = tuning.configuration(tuning.point(config))
  expectTypeOf(found.lr).toEqualTypeOf<number>()
  expectTypeOf(found.hidden).toEqualTypeOf<readonly [32] | readonly [64, 32]>()
  expectTypeOf(found.activation).toEqualTypeOf<'relu' | 'tanh'>()
  expectTypeOf(found.batchNorm).toEqualTypeOf<boolean>()
  expectTypeOf(found.optimizer.kind).toEqualTypeOf<'adam' | 'sgd'>()
  if (found.optimizer.kind === 'adam') expectTypeOf(found.optimizer.beta1).toEqualTypeOf<number>()
  else if (found.optimizer.nesterov.kind === 'on') expectTypeOf(found.optimizer.nesterov.warmup).toEqualTypeOf<number>()
  // @ts-expect-error there is no such parameter
  expect(found.speed).toBeUndefined()
  expect(found).toEqual(config)
})

it('lays its branches out before their contents', () => {
  expect(tuning.axes.map(({ path }) => path)).toEqual([
    ...['lr', 'width', 'dropout', 'hidden', 'activation', 'batchNorm', 'optimizer'],
    ...['optimizer/adam/beta1', 'optimizer/sgd/momentum', 'optimizer/sgd/nesterov', 'optimizer/sgd/nesterov/on/warmup'],
  ])
  expect(tuning.point(config)).toEqual([1e-3, 64, 0.3, 1, 0, 1, 1, undefined, 0.5, 1, 2])
})

test.each<[string, object, string]>([
  ['missing', { ...config, lr: undefined, width: 600 }, 'lr is undefined: give a number from 0.00001 to 0.1'],
  ['too large', { ...config, width: 600 }, 'width is 600: give a whole number from 16 to 512'],
  ['between steps', { ...config, dropout: 0.25 }, 'dropout is 0.25: give a number from 0 to 0.5 in steps of 0.1'],
  ['unknown', { ...config, speed: 1 }, 'the configuration has "speed", which the space has not'],
  ['no choice', { ...config, hidden: [65, 32] }, 'hidden is [65,32]: give one of [32], [64,32]'],
  ['no branch', { ...config, optimizer: { kind: 'lion' } }, 'optimizer is "lion": give one of "adam", "sgd"'],
  [
    'of another branch',
    { ...config, optimizer: { kind: 'adam', beta1: 0.9, momentum: 0.5 } },
    'optimizer has "momentum"',
  ],
])('a configuration with a value that is %s is refused', (_, wrong, message) => {
  expect(() => tuning.point(wrong)).toThrow(message)
  expect(tuning.contains(wrong)).toBe(false)
})

it('knows its constraints', () => {
  const broken = { ...config, lr: 0.06, dropout: 0 }
  expect(tuning.broken(tuning.point(broken))).toBe('fast learning needs dropout')
  expect(tuning.contains(broken)).toBe(false)
  expect(tuning.broken(tuning.point(config))).toBeUndefined()
})

describe('any space', () => {
  it('comes back from JSON with its hash, axes and configurations', () => {
    fc.assert(
      fc.property(
        definitions(),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (of, numbers) => {
          const one = space(of)
          const back = readSpace(JSON.parse(JSON.stringify(describeSpace(one))))
          expect(spaceHash(back)).toBe(spaceHash(one))
          expect(back.axes).toEqual(one.axes)
          const point = points(one, numbers)
          const text = JSON.stringify(one.configuration(point))
          expect(back.point(JSON.parse(text))).toEqual(point)
          expect(JSON.stringify(back.configuration(point))).toBe(text)
          expect(one.contains(JSON.parse(text))).toBe(true)
        },
      ),
    )
  })

  it('gives values only to the axes of the chosen branches', () => {
    fc.assert(
      fc.property(
        definitions(),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (of, numbers) => {
          const one = space(of)
          const point = points(one, numbers)
          for (const [i, { condition }] of one.axes.entries())
            expect(point[i] !== undefined).toBe(condition === undefined || point[condition.axis] === condition.option)
        },
      ),
    )
  })
})

describe('the unit interval', () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  it('is cut into the cells of the levels, without gaps', () => {
    const leaves = [
      int(-3, 9, { step: 4 }),
      int(1, 300, { log: true }),
      float(0, 0.5, { step: 0.1 }),
      choice(['a', 'b', 'c']),
    ]
    for (const leaf of leaves) {
      const values = Array.from({ length: levelsOf(leaf) ?? 0 }, (_, k) => levelAt(leaf, k))
      const cells = values.map((value) => cellOf(leaf, value))
      expect(cells[0]?.[0]).toBe(0)
      expect(cells.at(-1)?.[1]).toBeCloseTo(1, 12)
      for (const [i, [from, to]] of cells.entries()) {
        expect(from).toBeCloseTo(i === 0 ? 0 : (cells[i - 1]?.[1] ?? Number.NaN), 12)
        expect(valueAt(leaf, (from + to) / 2)).toBe(values[i])
        expect([valueAt(leaf, from + 1e-9), valueAt(leaf, to - 1e-9)]).toEqual([values[i], values[i]])
      }
    }
    expect(Array.from({ length: 6 }, (_, k) => levelAt(float(0, 0.5, { step: 0.1 }), k))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5,
    ])
  })

  it('is even in the logarithm where that is asked for', () => {
    expect(valueAt(logFloat(1e-4, 1), 0.25)).toBeCloseTo(1e-3, 12)
    expect(valueAt(float(-1, 3), 0.25)).toBe(0)
    fc.assert(
      fc.property(unit, (u) => {
        const [value] = [valueAt(logFloat(1e-4, 1), u)]
        expect(value).toBeGreaterThanOrEqual(1e-4)
        expect(value).toBeLessThanOrEqual(1)
        expect(cellOf(logFloat(1e-4, 1), value)[0]).toBeCloseTo(u, 9)
      }),
    )
  })
})

it('tells spaces apart by ranges, order and constraints', () => {
  const [a, b] = [int(0, 1), float(0, 1)]
  const hashes = [
    space({ a, b }),
    space({ b, a }),
    space({ a, b: float(0, 2) }),
    space({ a, b }, [{ holds: () => true, why: 'x' }]),
    space({ a, b: float(0, 1, { step: 0.5 }) }),
  ].map(spaceHash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(spaceHash(space({ a: int(0, 1), b: float(0, 1) }))).toBe(hashes[0])
})

test.each<[() => unknown, string]>([
  [() => choice([]), 'there are no values'],
  [() => choice([1, 2, 1]), '1 is there twice'],
  [() => choice([1, Number.NaN]), 'NaN cannot be kept as JSON'],
  [() => int(0.5, 3), 'int(0.5, 3): give two whole numbers'],
  [() => int(3, 1), 'int(3, 1)'],
  [() => int(0, 8, { log: true }), 'log needs a low of at least 1'],
  [() => int(1, 8, { step: 0 }), 'step is 0'],
  [() => float(1, 1), 'float(1, 1): give two finite numbers'],
  [() => float(0, 1, { step: 2 }), 'step is 2'],
  [() => logFloat(0, 1), 'no logarithm of 0'],
  [() => branch({}), 'there are no branches'],
  [() => branch({ a: { kind: bool() } }), '"a" has a parameter "kind"'],
  [() => space({}), 'there are no parameters'],
  [() => space({ '1': bool() }), '"1" is no name'],
  [() => space({ 'a/b': bool() }), '"a/b" is no name'],
  [
    () => readSpace({ parameters: { a: { kind: 'int', low: 0, high: 1 } }, constraints: [] }),
    'the description of a space',
  ],
])('refuses %s', (make, message) => {
  expect(make).toThrow(message)
})
