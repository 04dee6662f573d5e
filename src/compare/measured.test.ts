import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import '../runtime/ort/node.ts'
import { rocAuc } from '../metrics/index.ts'
import { linear, relu, sequential } from '../nn/index.ts'
import { execute, groupRuns, listRuns } from '../runs/index.ts'
import { classify } from '../testing/experiments.ts'
import { clouds } from '../testing/made.ts'
import { type Experiment, prepare } from '../train/index.ts'
import { compareGroups } from './index.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-measured-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Trains each once and compares them. */
async function compared(...experiments: readonly Experiment[]) {
  const place = join(root, experiments[0]?.name ?? '')
  for (const experiment of experiments) await execute(experiment, await prepare(experiment), { root: place, seed: 0 })
  return compareGroups(groupRuns((await listRuns(place)).runs))
}

it('measures networks, and finds in kept predictions the scores that were logged', async () => {
  // So little trained that it errs, without which there is nothing to resample.
  const brief = classify.with({ epochs: 1, optimizer: classify.optimizer.with({ lr: 1e-3 }) })
  const small = brief.with({ model: sequential(linear(4), relu(), linear(3)) })
  const { metrics, costs, settings, curves } = await compared(brief, small)
  const methods = metrics.flatMap(({ metric, scores }) =>
    scores.map((score) => [
      metric,
      score.kind === 'score' && score.interval.over !== 'nothing' && score.interval.method,
    ]),
  )
  expect(methods).toEqual([
    ...['Wilson', 'Wilson'].map((method) => ['accuracy', method]),
    ...['BCa bootstrap', 'BCa bootstrap'].map((method) => ['f1Macro', method]),
    ...['BCa bootstrap', 'BCa bootstrap'].map((method) => ['loss', method]),
  ])
  for (const { latency } of costs) {
    if ('reason' in latency) throw new Error(latency.reason)
    expect(latency.milliseconds).toBeGreaterThan(0)
    expect(latency.throughput).toBeGreaterThan(0)
    expect(latency.repeats[0]).toBeGreaterThan(6)
  }
  expect(settings.differing.map(({ path }) => path)).toEqual(['model'])
  expect(curves.map(({ records }) => records.some(({ name }) => name === 'batchLoss'))).toEqual([false, false])
})

it('takes DeLong’s test for the area of two classes', async () => {
  const two = classify.with({
    name: 'two',
    data: clouds({ samples: 90, test: 60, classes: 2 }),
    model: sequential(linear(2)),
    metrics: [rocAuc()],
    epochs: 1,
  })
  const { metrics } = await compared(two, two.with({ name: 'two-slow', optimizer: two.optimizer.with({ lr: 1e-5 }) }))
  expect(metrics[0]).toMatchObject({
    metric: 'rocAucMacro',
    scores: [{ interval: { method: 'DeLong' } }, { interval: { method: 'DeLong' } }],
    tests: [{ test: 'DeLong', difference: { method: 'DeLong', over: 'examples', n: 60 } }],
  })
})
