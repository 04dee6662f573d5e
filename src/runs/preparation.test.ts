import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  arrays,
  type FittedTransform,
  minMax,
  normalizeImage,
  oneHot,
  pca,
  restoreTransform,
  standardize,
  type Transform,
} from '../data/index.ts'
import '../index.ts'
import { linear, mse } from '../nn/index.ts'
import { sgd } from '../optim/index.ts'
import { key, normal, uniform } from '../random/index.ts'
import { prepared as preparedBy, samplesOf } from '../testing/transforms.ts'
import { experiment, prepare } from '../train/index.ts'
import { execute, readPreparation } from './index.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-preparation-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A run of one epoch on 20 samples. */
async function run(data: Uint8Array | Float32Array, shape: readonly number[], transforms: readonly Transform[]) {
  const of = experiment({
    name: 'prepared',
    data: arrays({
      name: 'made',
      inputs: { data, shape },
      targets: { task: 'regression', values: new Float32Array(20), shape: [1] },
    }),
    prepare: [...transforms],
    model: linear(1),
    loss: mse(),
    optimizer: sgd({ lr: 1e-3 }),
    epochs: 1,
  })
  const prepared = await prepare(of)
  const { folder } = await execute(of, prepared, { root, seed: 0 })
  return { folder, transforms: prepared.transforms }
}

async function expectRestored(
  folder: string,
  transforms: readonly FittedTransform[],
  sample: ReturnType<typeof samplesOf>,
) {
  const restored = await readPreparation(folder)
  expect(restored.map(({ kind, state }) => ({ kind, state }))).toEqual(
    transforms.map(({ kind, state }) => ({ kind, state })),
  )
  const made = preparedBy(restored, sample)
  expect(made.length).toBeGreaterThan(0)
  expect(made).toEqual(preparedBy(transforms, sample))
}

describe('the preparation of a run', () => {
  it('comes back from its folder and makes the same of a sample, long lists and arrays bit for bit', async () => {
    const { folder, transforms } = await run(
      normal(key(0), 20 * 300),
      [300],
      [standardize(), pca({ components: 3 }), minMax()],
    )
    expect(await readdir(folder)).toContain('preparation.safetensors')
    await expectRestored(folder, transforms, samplesOf(normal(key(1), 600), [300]))
  })

  it('is plain text where it is short', async () => {
    const codes = uniform(key(0), 40, { high: 3 }).map(Math.floor)
    const { folder, transforms } = await run(codes, [2], [oneHot({ columns: [1] }), standardize()])
    expect(await readdir(folder)).not.toContain('preparation.safetensors')
    await expectRestored(folder, transforms, samplesOf(Float32Array.of(0, 1, 2, 5), [2]))
  })

  it('comes back for images', async () => {
    const bytes = Uint8Array.from(uniform(key(0), 20 * 4), (value) => value * 255)
    const { folder, transforms } = await run(
      bytes,
      [1, 2, 2],
      [normalizeImage({ mean: [0.4], std: [0.3] }), pca({ components: 2, whiten: true })],
    )
    await expectRestored(folder, transforms, samplesOf(bytes.subarray(0, 8), [1, 2, 2]))
  })

  it('is refused where it is damaged or of an unknown kind', async () => {
    const { folder } = await run(normal(key(0), 20 * 4), [4], [pca({ components: 2 })])
    await rm(join(folder, 'preparation.safetensors'))
    await expect(readPreparation(folder)).rejects.toThrow(/preparation\.safetensors cannot be read/)
    await writeFile(join(folder, 'preparation.json'), '[{ "kind": "pca", "state": { "shape": [4] } }]')
    await expect(readPreparation(folder)).rejects.toThrow(/pca: samples is undefined/)
    await writeFile(join(folder, 'preparation.json'), '[{')
    await expect(readPreparation(folder)).rejects.toThrow(/preparation\.json is not JSON/)
    expect(() => restoreTransform('mine', {})).toThrow(
      'there is no transform mine to restore; there are impute, standardize, minMax, normalizeImage, oneHot, pca',
    )
  })
})
