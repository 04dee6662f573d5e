import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import '../../runtime/ort/node.ts'
import { arrays } from '../../data/index.ts'
import { crossEntropy, stateDict } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { execute, recordedSteps } from '../../runs/index.ts'
import { classify } from '../../testing/experiments.ts'
import { goldenNetwork } from '../../testing/networks.ts'
import { type Experiment, experiment, prepare } from '../../train/index.ts'
import { setWeights } from '../../train/weights.ts'
import {
  layerDisplacements,
  recordedWeights,
  type Trajectories,
  trajectories,
  trajectoryDistances,
  trajectoryLayers,
  trajectoryPlane,
  weightLoadings,
} from './index.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-trajectory-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trained = async (of: Experiment, seed = 0) => execute(of, await prepare(of), { root, seed })

const plane = z.strictObject({
  coordinates: z.array(z.array(z.number())),
  explained: z.array(z.number()),
  largest: z.strictObject({ parameter: z.string(), index: z.array(z.int()), loading: z.number() }),
  share: z.number(),
})
const golden = z
  .strictObject({
    torch: z.string(),
    steps: z.array(
      z.strictObject({
        loss: z.number(),
        gradientNorm: z.number(),
        gradientCosine: z.number().nullable(),
        updateRatios: z.record(z.string(), z.number()),
      }),
    ),
    planes: z.strictObject({ whole: plane, '0': plane }),
    fromStart: z.array(z.number()),
    path: z.number(),
  })
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/trajectory.json', import.meta.url), 'utf8')))

/** Adam on one batch, from the golden weights, as in trajectory.py. */
async function asInPyTorch() {
  const { model, variables, x, labels } = goldenNetwork('dense')
  const classes = Array.from({ length: 10 }, (_, i) => String(i))
  return trained(
    experiment({
      name: 'golden',
      data: arrays({
        name: 'golden',
        inputs: { data: x, shape: [20] },
        targets: { task: 'classification', labels, classes },
      }),
      model,
      loss: crossEntropy(),
      optimizer: adam({ lr: 0.01 }),
      batchSize: 8,
      epochs: 6,
      record: { weights: { everySteps: 1 }, steps: {} },
      callbacks: [{ onStart: ({ state }) => setWeights(state, stateDict(variables)) }],
    }),
  )
}

describe('beside PyTorch', () => {
  let run: Awaited<ReturnType<typeof asInPyTorch>>
  let ways: Trajectories
  beforeAll(async () => {
    run = await asInPyTorch()
    ways = await trajectories([run])
  })

  it('steps come to the same loss, gradient norm, cosine and ratios', () => {
    const steps = recordedSteps(run)
    expect(steps?.step).toHaveLength(golden.steps.length)
    for (const [i, { loss, gradientNorm, gradientCosine, updateRatios }] of golden.steps.entries()) {
      expect(steps?.loss[i]).toBeCloseTo(loss, 5)
      expect(steps?.gradientNorm[i]).toBeCloseTo(gradientNorm, 5)
      if (gradientCosine === null) expect(steps?.gradientCosine[i]).toBeNaN()
      else expect(steps?.gradientCosine[i]).toBeCloseTo(gradientCosine, 5)
      for (const [name, ratio] of Object.entries(updateRatios))
        expect(steps?.updateRatios.get(name)?.[i], name).toBeCloseTo(ratio, 5)
    }
  })

  it.each<'whole' | '0'>(['whole', '0'])(
    'the plane of %s has the same points, variance, loadings and shares',
    async (of) => {
      const wanted = golden.planes[of]
      const found = await trajectoryPlane(ways, of === 'whole' ? undefined : of, 3)
      for (const [k, coordinates] of wanted.coordinates.entries()) {
        expect(found.explained[k]).toBeCloseTo(wanted.explained[k] ?? Number.NaN, 5)
        for (const [i, value] of coordinates.entries()) expect(found.coordinates[k]?.[i]).toBeCloseTo(value, 4)
      }
      expect(found.shares[0]?.get('0')).toBeCloseTo(wanted.share, 5)
      const [largest] = await weightLoadings(ways, found, 1)
      const { loading, ...weight } = wanted.largest
      expect(largest).toMatchObject({ component: 1, ...weight })
      expect(largest?.loading).toBeCloseTo(loading, 4)
    },
  )

  it('distances are the same', () => {
    const distances = trajectoryDistances(ways)
    for (const [i, distance] of golden.fromStart.entries()) expect(distances[i]?.fromStart).toBeCloseTo(distance, 5)
    expect(distances.at(-1)?.path).toBeCloseTo(golden.path, 5)
    expect(distances[0]?.fromEnd).toBeCloseTo(golden.fromStart.at(-1) ?? Number.NaN, 5)
  })
})

describe('the ways of several runs', () => {
  const recording = classify.with({ epochs: 2, record: { weights: {} } })

  it('lie in one plane about one mean, and layers share in the whole', async () => {
    const runs = [await trained(recording, 0), await trained(recording, 1), await trained(recording, 2)]
    const shares: number[] = []
    const ways = await trajectories(runs, { onProgress: (share) => shares.push(share) })
    expect(shares.at(-1)).toBeCloseTo(1)
    expect(ways.points.map(({ run, epoch }) => [run, epoch])).toEqual(
      [0, 1, 2].flatMap((run) => [0, 1, 2].map((epoch) => [run, epoch])),
    )
    expect(trajectoryLayers(ways)).toEqual(['0', '3'])
    const { coordinates, explained, shares: parts } = await trajectoryPlane(ways, undefined, 8)
    expect(explained.reduce((a, b) => a + b)).toBeCloseTo(1)
    expect(explained.toSorted((a, b) => b - a)).toEqual(explained)
    for (const along of coordinates) expect(along.reduce((a, b) => a + b)).toBeCloseTo(0)
    for (const part of parts.slice(0, 5)) expect([...part.values()].reduce((a, b) => a + b)).toBeCloseTo(1)

    // With all components, distances are those in the space of the weights.
    const snapshots = (await Promise.all(runs.map(recordedWeights)))
      .flat()
      .map(({ variables }) => Object.values(stateDict({ ...variables, buffers: {} })).flatMap(({ data }) => [...data]))
    const apart = (a: readonly number[] = [], b: readonly number[] = []) =>
      Math.hypot(...a.map((v, i) => v - (b[i] ?? 0)))
    const along = (i: number): number[] => coordinates.map((component) => component[i] ?? 0)
    for (const [a, b] of [
      [0, 2],
      [1, 5],
      [3, 8],
    ] as const)
      expect(apart(along(a), along(b))).toBeCloseTo(apart(snapshots[a], snapshots[b]), 4)

    const displacements = layerDisplacements(ways)
    expect(displacements.map(({ run, layer }) => `${run} ${layer}`)).toEqual(['0 0', '0 3', '1 0', '1 3', '2 0', '2 3'])
    for (const run of [0, 1, 2]) {
      const own = displacements.filter((one) => one.run === run)
      expect(own.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
      expect(Math.hypot(...own.map(({ distance }) => distance))).toBeCloseTo(
        apart(snapshots[3 * run], snapshots[3 * run + 2]),
        5,
      )
    }
    for (const { run, step, path, fromStart } of trajectoryDistances(ways, '3'))
      expect(path, `${run} ${step}`).toBeGreaterThanOrEqual(fromStart - 1e-9)
  })

  it('are refused where networks differ, layers were not recorded, or there is one point', async () => {
    const [one, other] = [await trained(recording), await trained(recording.set('model.0.outFeatures', 5))]
    await expect(trajectories([one, other])).rejects.toThrow(
      /have recorded other weights .*: their ways lie in different spaces/,
    )
    await expect(trajectoryPlane(await trajectories([one]), '9')).rejects.toThrow(
      'no weights of layer "9" were recorded; there are 0, 3',
    )
  })

  it('are a point where nothing moves', async () => {
    const still = await trained(recording.with({ optimizer: adam({ lr: 1e-30 }) }))
    const ways = await trajectories([still])
    const { explained, coordinates } = await trajectoryPlane(ways)
    expect(explained).toEqual([0, 0])
    expect(coordinates.every((along) => along.every((value) => value === 0))).toBe(true)
    expect(layerDisplacements(ways).every(({ share }) => Number.isNaN(share))).toBe(true)
    const plane = await trajectoryPlane(ways)
    expect(await weightLoadings(ways, plane)).toEqual([])
  })
})
