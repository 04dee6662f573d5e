import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { key, normal, uniform } from '../../random/index.ts'
import { definitions } from '../../testing/searchSpaces.ts'
import { randomPoint } from '../samplers/random.ts'
import { branch, choice, type Definition, float, int, logFloat, type Point, type Space, space } from '../space/index.ts'
import type { Outcome, TrialRecord } from '../trial.ts'
import { type Box, boxesOf, lengthOf, volumeOf } from './boxes.ts'
import { fanova } from './fanova.ts'
import { growForest, unitsOf } from './forest.ts'
import { type Importance, importance } from './importance.ts'
import { surface } from './surface.ts'

/** Random trials of a function of the configuration. */
function searched<C>(of: Space<C>, value: (config: C, trial: number) => number, count = 300) {
  const trials = Array.from({ length: count }, (_, number): TrialRecord => {
    const point = randomPoint(of, key(number))
    const config = of.configuration(point)
    return {
      number,
      attempt: 0,
      config,
      point,
      reports: [],
      outcome: { state: 'complete', value: value(config, number) },
    }
  })
  return { space: of, trials, direction: 'minimize' as const }
}

function known(found: Importance) {
  if (found.kind === 'unknown') throw new Error(found.reason)
  const of = (path: string) => {
    const one = found.parameters.find((parameter) => parameter.path === path)
    if (one === undefined) throw new Error(`no ${path}`)
    return one
  }
  const pair = (...paths: readonly string[]) =>
    found.pairs.find((one) => one.paths.every((path) => paths.includes(path)))?.share.value
  return { ...found, of, pair }
}

describe('fanova', () => {
  it('is exact on boxes: means over the others, and what two do beyond', () => {
    // f(x, y): 0 where x < 1/4; else 1 where y < 1/2 and 3 above.
    const boxes: Box[] = [
      { low: [0, 0], high: [0.25, 1], value: 0 },
      { low: [0.25, 0], high: [1, 0.5], value: 1 },
      { low: [0.25, 0.5], high: [1, 1], value: 3 },
    ]
    const variance = 0.375 * 1 + 0.375 * 9 - 1.5 ** 2
    const ofX = 0.75 * 2 ** 2 - 1.5 ** 2
    const ofY = (0.75 ** 2 + 2.25 ** 2) / 2 - 1.5 ** 2
    const found = fanova(boxes, 2)
    expect(found?.single[0]).toBeCloseTo(ofX / variance, 12)
    expect(found?.single[1]).toBeCloseTo(ofY / variance, 12)
    expect(found?.pairs[0]?.share).toBeCloseTo((variance - ofX - ofY) / variance, 12)
  })

  it('knows nothing of a constant', () => {
    expect(fanova([{ low: [0], high: [1], value: 2 }], 1)).toBeUndefined()
  })
})

describe('boxesOf', () => {
  it('cuts the cube into boxes that answer as the tree, in any space', () => {
    fc.assert(
      fc.property(definitions(), fc.integer({ min: 0, max: 1e6 }), (definition: Definition, seed) => {
        const of = space(definition)
        const points = Array.from({ length: 24 }, (_, i) => randomPoint(of, key(seed + i)))
        const values = points.map((_, i) => (i * 7) % 11)
        const forest = growForest(of.axes, points, values, key(seed))
        const [grown] = forest.trees
        if (grown === undefined) throw new Error('no tree')
        const { width } = forest.samples
        const boxes = boxesOf(grown.tree, of.axes, width)
        expect(boxes.reduce((sum, box) => sum + volumeOf(box), 0)).toBeCloseTo(1, 9)
        for (const box of boxes) for (let axis = 0; axis < width; axis++) expect(lengthOf(box, axis)).toBeGreaterThan(0)
        // Inactive parameters may be anywhere: no answer depends on them.
        for (const [i, point] of points.entries()) {
          const place = unitsOf(of.axes, point).map((u, axis) => (point[axis] === undefined ? (seed % 97) / 97 : u))
          const own = [...place, forest.samples.data[i * width + width - 1] ?? 0].map(Math.fround)
          const around = boxes.filter(({ low, high }) =>
            own.every((u, axis) => (u > (low[axis] ?? 0) && u <= (high[axis] ?? 1)) || (u === 0 && low[axis] === 0)),
          )
          expect(around).toHaveLength(1)
          expect(around[0]?.value).toBe(answerOf(grown.tree, forest.samples.data.subarray(i * width, (i + 1) * width)))
        }
      }),
      { numRuns: 60 },
    )
  })
})

function answerOf(tree: Parameters<typeof boxesOf>[0], sample: Float32Array): number {
  let node = 0
  for (let by = tree.feature[node] ?? -1; by >= 0; by = tree.feature[node] ?? -1)
    node = ((sample[by] ?? 0) <= (tree.threshold[node] ?? 0) ? tree.left[node] : tree.right[node]) ?? 0
  return tree.mean[node]?.[0] ?? Number.NaN
}

describe('importance', () => {
  const pi = float(-Math.PI, Math.PI)

  it('comes near the Sobol indices of the Ishigami function', () => {
    // Ishigami and Homma (1990), a = 7, b = 0.1: S1 = 0.3139, S2 = 0.4424, S13 = 0.2437, all others 0.
    const of = space({ x: pi, y: pi, z: pi, nothing: float(0, 1) })
    const found = known(
      importance(searched(of, ({ x, y, z }) => Math.sin(x) + 7 * Math.sin(y) ** 2 + 0.1 * z ** 4 * Math.sin(x), 1000)),
    )
    expect(found.r2).toBeGreaterThan(0.85)
    expect(found.of('x').alone.value).toBeCloseTo(0.314, 1)
    expect(Math.abs(found.of('y').alone.value - 0.442)).toBeLessThan(0.12)
    expect(found.of('z').alone.value).toBeLessThan(0.03)
    expect(found.of('nothing').alone.value).toBeLessThan(0.005)
    expect(found.pairs[0]?.paths).toEqual(['x', 'z'])
    expect(found.pair('x', 'z')).toBeCloseTo(0.244, 1)
    expect(found.pair('x', 'y')).toBeLessThan(0.05)
    expect(found.of('z').permuted.low).toBeGreaterThan(0.1)
    expect(Math.abs(found.of('nothing').permuted.value)).toBeLessThan(0.01)
    expect(found.rest).toBeLessThan(0.15)
  })

  it('shares out an additive function over log scales, whole numbers and choices by their variances', () => {
    // On the unit interval a·u has variance a²/12; a choice of 0, 1, 2 has 2/3.
    const of = space({ lr: logFloat(1e-5, 1e-1), units: int(1, 9), act: choice(['a', 'b', 'c']), nothing: float(0, 1) })
    const value = ({ lr, units, act }: ReturnType<typeof of.configuration>): number =>
      (3 * (Math.log10(lr) + 5)) / 4 + (2 * (units - 1)) / 8 + ['b', 'c', 'a'].indexOf(act)
    const [ofLr, ofUnits, ofAct] = [9 / 12, (4 * (80 / 12)) / 64, 2 / 3]
    const total = ofLr + ofUnits + ofAct
    const found = known(importance(searched(of, value)))
    expect(found.parameters.map(({ path }) => path)).toEqual(['lr', 'act', 'units', 'nothing'])
    for (const [path, variance] of [
      ['lr', ofLr],
      ['units', ofUnits],
      ['act', ofAct],
    ] as const) {
      const { alone } = found.of(path)
      expect(Math.abs(alone.value - variance / total), path).toBeLessThan(0.08)
      expect(alone.low).toBeLessThan(alone.value)
      expect(alone.high).toBeGreaterThan(alone.value)
    }
    expect(found.of('nothing').alone.value).toBeLessThan(0.01)
    expect(found.doubt).toBeUndefined()
  })

  it('lets a parameter count only where its branch is chosen', () => {
    const of = space({ optimizer: branch({ adam: {}, sgd: { momentum: float(0, 1) } }) })
    const value = ({ optimizer }: ReturnType<typeof of.configuration>): number =>
      optimizer.kind === 'sgd' ? 4 * optimizer.momentum : 2
    // Mean over the branches of 4m is 1 + 2m: variance 4/12; the whole 1/2 · 16/12; the rest is both together.
    const found = known(importance(searched(of, value)))
    expect(found.of('optimizer/sgd/momentum').alone.value).toBeGreaterThan(0.93)
    expect(found.pairs).toEqual([])
    expect(found.of('optimizer').alone.value).toBeLessThan(0.05)
    const { active } = found.of('optimizer/sgd/momentum')
    expect(active).toBeGreaterThan(100)
    expect(active).toBeLessThan(200)
  })

  it('says of noise that it is noise, with the share of a parameter that does nothing', () => {
    const of = space({ a: float(0, 1), b: float(0, 1) })
    const noise = normal(key(3), 100)
    const found = known(importance(searched(of, (_, i) => noise[i] ?? 0, 100)))
    expect(found.r2).toBeLessThan(0.1)
    expect(found.doubt).toMatch(/^The forest explains .* 100 trials\): these shares may be those of noise\.$/)
    expect(found.floor).toBeGreaterThan(0.05)
    for (const { permuted } of found.parameters) expect(permuted.value).toBeLessThan(0.15)
  })

  it('is not taken in by one trial that diverged', () => {
    const of = space({ a: float(0, 1), b: float(0, 1) })
    const uniforms = uniform(key(1), 300)
    const found = known(importance(searched(of, ({ a }, i) => (i === 17 ? 1e6 : a + 0.01 * (uniforms[i] ?? 0)))))
    expect(found.clipped).toBe(1)
    expect(found.of('a').alone.value).toBeGreaterThan(0.9)
  })

  it.each<[string, number, (i: number) => Outcome, string]>([
    [
      'few trials',
      9,
      (i) => ({ state: 'complete', value: i }),
      'there are 9 complete trials for 2 parameters, and it takes 10',
    ],
    ['trials that failed', 30, () => ({ state: 'failed', reason: 'no' }), 'there are 0 complete trials'],
    ['equal values', 30, () => ({ state: 'complete', value: 1 }), 'all trials have the same value'],
  ])('cannot tell from %s', (_, count, outcome, reason) => {
    const of = space({ a: float(0, 1), b: float(0, 1) })
    const study = searched(of, () => 0, count)
    const trials = study.trials.map((trial, i) => ({ ...trial, outcome: outcome(i) }))
    const found = importance({ ...study, trials })
    expect(found).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(reason) })
  })
})

describe('surface', () => {
  it('is what the forest expects at two places, where both parameters are there', () => {
    const of = space({
      kind: branch({ flat: {}, steep: { slope: float(0, 1) } }),
      shift: float(0, 1),
      other: float(0, 1),
    })
    const value = ({ kind, shift, other }: ReturnType<typeof of.configuration>): number =>
      (kind.kind === 'steep' ? 10 * kind.slope : 50) + shift + (other - 0.5)
    const found = known(importance(searched(of, value, 600)))
    const at = (path: string): number => of.axes.findIndex((axis) => axis.path === path)
    const places = [0.1, 0.5, 0.9]
    const rows = surface(found.forest, at('kind/steep/slope'), at('shift'), places, places)
    for (const [i, slope] of places.entries())
      for (const [j, shift] of places.entries())
        expect(Math.abs((rows[i]?.[j] ?? 0) - (10 * slope + shift))).toBeLessThan(1)
    const byKind = surface(found.forest, at('kind'), at('kind/steep/slope'), [0.25, 0.75], [0.5])
    expect(byKind[0]).toEqual([undefined])
    expect(Math.abs((byKind[1]?.[0] ?? 0) - 5.5)).toBeLessThan(1)
  })
})

it('takes a point without its inactive parameters', () => {
  const point: Point = [0, undefined]
  const of = space({ optimizer: branch({ adam: {}, sgd: { momentum: float(0, 1) } }) })
  expect(unitsOf(of.axes, point)).toEqual([0.25, 0.5])
})
