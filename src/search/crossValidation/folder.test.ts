import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import '../../index.ts'
import { kFold, repeated } from '../../data/index.ts'
import { parseRanges } from '../../data/splits/ranges.ts'
import { linear, mse } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { readPredictions } from '../../runs/index.ts'
import { readParquet } from '../../runs/parquet.ts'
import { classify } from '../../testing/experiments.ts'
import { sine } from '../../testing/made.ts'
import type { Experiment } from '../../train/index.ts'
import { type CrossValidation, crossValidate, type FoldResult, materializeFolds, openFolder } from './index.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-cv-'))
})
afterEach(() => rm(root, { recursive: true }))

const short = classify.with({ epochs: 1 })
/** Not packed: one is done after the other. */
const singly = short.with({ accumulate: 2 })
const asked = async (experiment: Experiment = short, seeds: readonly number[] = [0]) => ({
  ...{ experiment, seeds },
  folds: await materializeFolds(experiment, { folds: kFold({ folds: 3 }) }),
})
const json = async (folder: string, name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
const told = ({ division: _, ...rest }: CrossValidation) => rest

async function run(of: Awaited<ReturnType<typeof asked>>, stopAfter = Number.POSITIVE_INFINITY) {
  const kept = await openFolder(root, of)
  let trained = 0
  try {
    const cv = await crossValidate(of.experiment, of, {
      known: kept.known,
      onFold: async (result) => {
        await kept.keep(result)
        trained += 1
      },
      shouldStop: () => trained >= stopAfter,
    })
    const record = cv && (await kept.finish(cv))
    return { folder: kept.folder, done: kept.done, trained, cv, record }
  } finally {
    kept.close()
  }
}

describe('the folder of a cross-validation', () => {
  it.each<readonly [string, Experiment]>([
    ['classes', short.with({ batchSize: 8, accumulate: 2 })],
    ['a diverging training', short.with({ optimizer: adam({ lr: 1e30 }), accumulate: 2 })],
  ])('keeps what is done, and ends with the same numbers after an interruption: %s', async (_, experiment) => {
    const of = await asked(experiment, [0, 1])
    const whole = await crossValidate(experiment, of)
    const first = await run(of, 2)
    expect([first.trained, first.cv]).toEqual([2, undefined])
    expect(await json(first.folder, 'cv.json')).toMatchObject({ status: 'running', seeds: [0, 1] })
    const second = await run(of)
    expect([second.folder, second.done, second.trained]).toEqual([first.folder, 2, 4])
    expect(second.cv && told(second.cv)).toEqual(whole && told(whole))
  })

  it('ends with scores, folds and out-of-fold predictions, and begins anew then', async () => {
    const of = await asked()
    const { folder, cv, record } = await run(of)
    expect((await readdir(folder)).sort()).toEqual(['cv.json', 'folds.json', 'oof.parquet'])
    expect(await json(folder, 'cv.json')).toEqual(record)
    expect(record).toMatchObject({
      ...{ status: 'finished', name: 'clouds', strategy: { kind: 'kFold', folds: 3 }, data: { samples: 90 } },
      results: cv?.results.map(({ fold, scores }) => ({ fold, seed: 0, repeat: 0, status: 'finished', scores })),
      scores: { accuracy: { mean: cv?.scores.accuracy?.mean } },
      pooled: cv?.pooled,
    })
    const { folds } = await json(folder, 'folds.json')
    expect(folds.map(({ score }: { score: string }) => parseRanges(score))).toEqual(
      of.folds.division.folds.map(({ score }) => score),
    )
    const predictions = await readPredictions(join(folder, 'oof.parquet'))
    if (predictions.task !== 'classification') throw new Error('there are classes')
    expect([...predictions.index]).toEqual(Array.from({ length: 90 }, (_, i) => i))
    expect([...predictions.label]).toEqual(Array.from({ length: 90 }, (_, i) => i % 3))
    const right = predictions.predicted.filter((c, i) => c === predictions.label[i]).length
    expect(right / 90).toBe(cv?.pooled.accuracy)
    expect((await run(of)).folder).not.toBe(folder)
  })

  it('has a row for each repeat and seed of a regression', async () => {
    const experiment = classify.with({
      ...{ name: 'sine', epochs: 1, metrics: [] },
      ...{ data: sine(12), loss: mse(), model: linear(1) },
    })
    const folds = await materializeFolds(experiment, { folds: repeated(kFold({ folds: 2 }), { times: 2 }) })
    const { folder } = await run({ experiment, folds, seeds: [3, 4] })
    const columns = await readParquet(join(folder, 'oof.parquet'))
    expect(columns.map(({ name }) => name)).toEqual(['repeat', 'seed', 'fold', 'index', 'target0', 'output0'])
    const [repeats, seeds] = columns.map(({ values }) => [...values])
    expect(repeats?.length).toBe(48)
    expect(new Set(repeats?.map((repeat, i) => `${repeat} ${seeds?.[i]}`)).size).toBe(4)
  })

  it('is another one for another configuration, and one process’s at a time', async () => {
    const { folder } = await run(await asked(singly), 1)
    expect((await run(await asked(singly.set('optimizer.lr', 0.5)), 0)).folder).not.toBe(folder)
    expect((await run(await asked(singly, [1]), 0)).folder).not.toBe(folder)
    const kept = await openFolder(root, await asked(singly))
    expect(kept.folder).toBe(folder)
    await expect(openFolder(root, await asked(singly))).rejects.toThrow(/is being written by process/)
    kept.close()
  })

  it('says which kept training is damaged', async () => {
    const { folder } = await run(await asked(singly), 1)
    const [name = ''] = await readdir(join(folder, 'fits'))
    await writeFile(join(folder, 'fits', name), 'torn')
    await expect(openFolder(root, await asked(singly))).rejects.toThrow(
      /fold-\d-seed-0\.safetensors is damaged .* delete it/,
    )
    await rm(join(folder, 'fits', name))
    const again = await run(await asked(singly))
    expect([again.folder, again.trained]).toEqual([folder, 3])
  })

  it('keeps numbers bit for bit', async () => {
    const kept = await openFolder(root, await asked(singly))
    const result: FoldResult = {
      ...{ repeat: 0, fold: 1, seed: 0, status: 'finished', epochs: 3, bestEpoch: 1.25 },
      scores: { loss: 0.1 + 0.2, accuracy: Number.NaN },
      predictions: {
        task: 'regression',
        outputs: Float32Array.of(1 / 3, Number.NaN),
        targets: Float32Array.of(1, 2),
        width: 2,
      },
    }
    await kept.keep(result)
    kept.close()
    const again = await openFolder(root, await asked(singly))
    expect(again.known({ repeat: 0, fold: 1, seed: 0 })).toEqual(result)
    expect(again.known({ repeat: 0, fold: 0, seed: 0 })).toBeUndefined()
    again.close()
  })
})
