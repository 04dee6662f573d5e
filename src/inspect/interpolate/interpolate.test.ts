import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { linear, sequential, type Variables } from '../../nn/index.ts'
import '../../runtime/ort/node.ts'
import { classify, convolve, trained } from '../../testing/experiments.ts'
import { initialVariables, type Prepared, prepare } from '../../train/index.ts'
import { type Point, pointOf, pointScorer, type Scorer, sampledSplit } from '../weightSpace/index.ts'
import { barrier, barrierOverPairs, evenly, interpolate, layersWithWeights, studyText } from './index.ts'

const newLog = (): string => join(mkdtempSync(join(tmpdir(), 'assay-points-')), 'points.jsonl')

describe('the line between two networks', () => {
  let prepared: Prepared
  let [a, b]: Variables[] = []
  const networks = () => {
    if (a === undefined || b === undefined) throw new Error('nothing has been trained')
    return [a, b] as const
  }
  const scorerOf = () =>
    pointScorer({ experiment: classify, prepared }, [sampledSplit(prepared, 'train'), sampledSplit(prepared, 'test')], {
      kind: 'given',
    })
  beforeAll(async () => {
    const [one, other] = [await trained(classify, 0), await trained(classify, 1)]
    ;({ prepared } = one)
    ;[a, b] = [one.state.variables, other.state.variables]
  })

  it('has the networks’ own scores at its ends, by many points a call as by one', async () => {
    const [from, to] = networks()
    const scorer = scorerOf()
    expect(scorer.together).toBeGreaterThan(8)
    const [line] = await interpolate(from, to, scorer, { alphas: [-1, 0.25, 2] })
    expect(line?.points.map(({ alpha }) => alpha)).toEqual([-1, 0, 0.25, 1, 2])
    const one = await trained(classify, 0)
    const alone = await one.evaluate(prepared.test)
    const at = (alpha: number) => line?.points.find((point) => point.alpha === alpha)?.scores.test
    expect(at(0)?.loss).toBeCloseTo(alone.loss, 6)
    expect(Object.keys(at(0) ?? {})).toEqual(['loss', 'accuracy', 'f1Macro'])
    expect(at(1)?.loss).not.toBeCloseTo(at(0)?.loss ?? 0, 6)
  })

  it('moves one layer alone, and begins at A with each', async () => {
    const [from, to] = networks()
    expect(layersWithWeights(from)).toEqual(['0', '3'])
    const seen: Point[] = []
    const spy: Scorer = {
      together: 2,
      identity: null,
      score: async (points) => {
        seen.push(...points)
        return points.map(({ parameters }) => ({ test: { loss: parameters[0] ?? 0 } }))
      },
    }
    const lines = await interpolate(from, to, spy, { alphas: [0, 0.5, 1], layers: ['0', '3'] })
    expect(lines.map(({ layer }) => layer)).toEqual([undefined, '0', '3'])
    // A once, and two places on each of three lines.
    expect(seen.length).toBe(7)
    const [own, others] = [pointOf(from).parameters, pointOf(to).parameters]
    const [, , , , first, , last] = seen.map(({ parameters }) => parameters)
    const size = 2 * 16 + 16
    expect(first?.subarray(0, size)).toEqual(others.subarray(0, size))
    expect(first?.subarray(size)).toEqual(own.subarray(size))
    expect(last?.subarray(0, size)).toEqual(own.subarray(0, size))
    expect(last?.subarray(size)).toEqual(others.subarray(size))
    await expect(interpolate(from, to, spy, { layers: ['1'] })).rejects.toThrow(
      'there is no layer "1" with weights: give one of 0, 3',
    )
  })

  it('computes nothing that its log has, after a kill in the middle of a line too', async () => {
    const [from, to] = networks()
    const log = newLog()
    const inner = scorerOf()
    let computed = 0
    const counting: Scorer = {
      ...inner,
      together: 2,
      score: (points) => {
        computed += points.length
        return inner.score(points)
      },
    }
    const alphas = evenly(0, 1, 8)
    const stopAt = (done: number) => (progress: { readonly done: number }) => {
      if (progress.done >= done) throw new Error('killed')
    }
    await expect(interpolate(from, to, counting, { alphas, log, onProgress: stopAt(4) })).rejects.toThrow('killed')
    expect(computed).toBe(4)
    const text = readFileSync(log, 'utf8')
    writeFileSync(log, text.slice(0, -20))
    const told: unknown[] = []
    const [line] = await interpolate(from, to, counting, { alphas, log, onProgress: (at) => void told.push(at) })
    expect(computed).toBe(4 + 5)
    expect(told[0]).toEqual({ done: 3, total: 8, known: 3 })
    expect(told.at(-1)).toEqual({ done: 8, total: 8, known: 3 })
    const [again] = await interpolate(from, to, counting, { alphas, log })
    expect(computed).toBe(9)
    expect(again).toEqual(line)
    const [fresh] = await interpolate(from, to, inner, { alphas })
    for (const [i, { scores }] of (fresh?.points ?? []).entries())
      expect(again?.points[i]?.scores.test?.loss).toBeCloseTo(scores.test?.loss ?? Number.NaN, 6)
    // Other networks, or other samples, are other questions.
    await interpolate(to, from, counting, { alphas, log })
    expect(computed).toBe(17)
    const fewer = pointScorer({ experiment: classify, prepared }, [sampledSplit(prepared, 'train', { samples: 20 })], {
      kind: 'given',
    })
    const [sampled] = await interpolate(from, to, fewer, { alphas, log })
    expect(sampled?.points[0]?.scores.train?.loss).not.toBe(line?.points[0]?.scores.train?.loss)
    appendFileSync(log, 'no JSON\n{"asked": 1}\n')
    expect((await interpolate(from, to, counting, { alphas, log }))[0]).toEqual(line)
    expect(computed).toBe(17)
  })

  it('keeps what is no number', async () => {
    const [from, to] = networks()
    const log = newLog()
    const scorer: Scorer = {
      together: 1,
      identity: null,
      score: async () => [{ test: { loss: Number.NaN, top: -1 / 0 } }],
    }
    await interpolate(from, to, scorer, { alphas: [0, 0.5, 1], log })
    const [line] = await interpolate(
      from,
      to,
      { ...scorer, score: () => Promise.reject(new Error('asked')) },
      { alphas: [0, 0.5, 1], log },
    )
    expect(line?.points[1]?.scores).toEqual({ test: { loss: Number.NaN, top: Number.NEGATIVE_INFINITY } })
    expect(line && barrier(line, 'test').height).toBeNaN()
  })

  it('is refused between networks of other weights', async () => {
    const [from] = networks()
    const other = initialVariables(await prepare(classify.with({ model: sequential(linear(8), linear(3)) })), 0)
    await expect(interpolate(from, other, scorerOf())).rejects.toThrow(UsageError)
    await expect(interpolate(from, other, scorerOf())).rejects.toThrow(
      '0.weight [16, 2] of A stands where B has 0.weight [8, 2]',
    )
  })
})

it('renewed statistics are those of weights trained with them, and the given ones need not be', async () => {
  const { prepared, state } = await trained(convolve, 0)
  const { state: other } = await trained(convolve, 1)
  const train = sampledSplit(prepared, 'train')
  const scorer = (statistics: 'given' | 'renewed') =>
    pointScorer(
      { experiment: convolve, prepared },
      [train],
      statistics === 'given' ? { kind: 'given' } : { kind: 'renewed', split: train, batch: 16 },
    )
  const losses = async (statistics: 'given' | 'renewed') => {
    const [line] = await interpolate(state.variables, other.variables, scorer(statistics), { alphas: [0, 0.5, 1] })
    return line?.points.map(({ scores }) => scores.train?.loss ?? Number.NaN) ?? []
  }
  const [given, renewed, again] = [await losses('given'), await losses('renewed'), await losses('renewed')]
  expect(again).toEqual(renewed)
  expect(renewed.every(Number.isFinite)).toBe(true)
  expect(renewed[1]).not.toBeCloseTo(given[1] ?? 0, 3)
  expect(scorer('renewed').together).toBe(1)
  expect(scorer('given').together).toBeGreaterThan(1)
})

describe('a barrier', () => {
  const line = (losses: readonly number[]) => ({
    points: evenly(-0.5, 1.5, losses.length).map((alpha, i) => ({ alpha, scores: { test: { loss: losses[i] ?? 0 } } })),
  })
  it('is what is above the chord between the ends, and not beyond them', () => {
    // α −0.5, 0, 0.5, 1, 1.5
    expect(barrier(line([99, 1, 5, 3, 99]), 'test')).toEqual({ height: 3, alpha: 0.5 })
    expect(barrier(line([99, 1, 1.5, 3, 99]), 'test')).toEqual({ height: 0, alpha: 0 })
    expect(barrier(line([99, 1, Number.POSITIVE_INFINITY, 3, 99]), 'test').height).toBe(Number.POSITIVE_INFINITY)
  })
  it('cannot be told where no place between the ends was computed', () => {
    const ends = { points: [0, 1, 2].map((alpha) => ({ alpha, scores: { train: { loss: 1 }, test: { loss: 1 } } })) }
    expect(barrier(ends, 'test').height).toBeNaN()
    const split = { name: 'test' as const, text: 'test (all 3 samples)' }
    const study = { a: 'a', b: 'b', statistics: 'none' as const, isAligned: false, splits: [split] }
    expect(studyText({ ...study, pairs: [{ name: 'seed 0', lines: [ends] }] })).toContain(
      'on test it cannot be told, as no place between them was computed. The test loss less the training loss is 0 at A',
    )
  })
  it('has an interval over pairs, by hand', () => {
    const of = (height: number) => ({ height, alpha: 0.5 })
    const found = barrierOverPairs([of(1), of(2), of(3)])
    expect(found?.mean).toBe(2)
    // t(2, 0.975) = 4.302653, sd 1
    expect(found?.high).toBeCloseTo(2 + 4.302653 / Math.sqrt(3), 5)
    expect(barrierOverPairs([of(1)])?.low).toBeNaN()
    expect(barrierOverPairs([of(1), of(Number.NaN)])).toBeUndefined()
  })
})
