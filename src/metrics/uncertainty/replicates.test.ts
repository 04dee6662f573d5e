import { describe, expect, test } from 'vitest'
import { foldIn, key, normal, uniform } from '../../random/index.ts'
import { accuracy, averagePrecision, f1, logLoss, type Metric, rocAuc } from '../index.ts'
import { bootstrapDifference, bootstrapInterval, bootstrapOf, metricInterval, metricReplicates } from './index.ts'
import { replicate, replicatesOfDifference } from './replicates.ts'
import { oneStratum, resampler, sharedDraws } from './resample.ts'

const N = 200
const targets = Int32Array.from(uniform(key(1), N, { high: 3 }), Math.floor)
function model(seed: number) {
  const scores = normal(key(seed), N * 3)
  for (const [i, target] of targets.entries()) scores[i * 3 + target] = (scores[i * 3 + target] ?? 0) + 1
  return { task: 'classification', targets, scores, classes: 3 } as const
}
const [a, b] = [model(2), model(3)]
const metrics: Metric[] = [accuracy(), f1(), logLoss(), rocAuc(), averagePrecision()]

describe('replicates', () => {
  test.each(metrics)('of $name over shared draws are those over draws of their own', (metric) => {
    const draws = sharedDraws()
    const alone = replicate(metric, a, { resamples: 50, jackknifeParts: 20 })
    // The second time all draws have been made.
    for (const _ of ['made', 'kept']) {
      const shared = replicate(metric, a, { resamples: 50, jackknifeParts: 20, draws })
      expect(shared.values).toEqual(alone.values)
      expect(shared.leftOut()).toEqual(alone.leftOut())
    }
    expect(new Set(alone.values).size).toBeGreaterThan(10)
  })

  test.each(metrics)('give $name’s intervals, and those of differences, whatever else they are used for', (metric) => {
    const options = { resamples: 60, jackknifeParts: 20, key: key(5), draws: sharedDraws() }
    const [ofA, ofB] = [replicate(metric, a, options), replicate(metric, b, options)]
    expect(bootstrapOf(ofA, { level: 0.9 })).toEqual(bootstrapInterval(metric, a, { ...options, level: 0.9 }))
    expect(bootstrapOf(replicatesOfDifference(ofA, ofB))).toEqual(bootstrapDifference(metric, a, b, options))
    const known = metricInterval(metric, a, { replicates: () => metricReplicates(metric, a) })
    expect(known).toEqual(metricInterval(metric, a))
  })

  test('of a difference are as many as both have, and over as many examples', () => {
    const [many, few] = [replicate(f1(), a, { resamples: 30 }), replicate(f1(), b, { resamples: 20 })]
    expect(replicatesOfDifference(many, few).values).toHaveLength(20)
    expect(replicatesOfDifference(few, many).values).toHaveLength(20)
    const half = { ...a, targets: targets.slice(0, 100), scores: a.scores.slice(0, 300) }
    expect(() => replicatesOfDifference(many, replicate(f1(), half, { resamples: 30 }))).toThrow('over 100 examples')
  })
})

test('shared draws are those of a resampler, for each key and number of examples', () => {
  const draws = sharedDraws()
  for (const of of [foldIn(key(0), 'a'), foldIn(key(0), 'b')])
    for (const n of [7, 300])
      for (const r of [0, 1, 0, 1]) expect(draws(of, n)(r)).toEqual(resampler(of, oneStratum(n))(r))
})
