import { expect, it } from 'vitest'
import type { Run } from '../../runs/index.ts'
import { finishedManifest } from '../../testing/runFolder.ts'
import { runPairs } from './index.ts'

const runs = (...seeds: readonly number[]): Run[] =>
  seeds.map((seed) => ({ id: `s${seed}`, folder: '', manifest: finishedManifest(`s${seed}`, { seed }) }))

const named = (a: readonly Run[], b: readonly Run[]) =>
  runPairs(a, b).map((pair) => `${pair.name}: ${pair.a.id} ${pair.b.id}`)

it('pairs have one seed, but for a run on each side', () => {
  expect(named(runs(0, 1, 2), runs(2, 0))).toEqual(['seed 0: s0 s0', 'seed 2: s2 s2'])
  expect(named(runs(0), runs(3))).toEqual(['seeds 0 and 3: s0 s3'])
  expect(named(runs(4), runs(4))).toEqual(['seed 4: s4 s4'])
  expect(() => named(runs(0, 1), runs(2))).toThrow('A has the seeds 0, 1 and B has 2: pairs need a seed that both have')
})
