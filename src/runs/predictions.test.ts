import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '../metrics/index.ts'
import {
  type ClassPredictions,
  type Predictions,
  readPredictions,
  scoredPredictions,
  writePredictions,
} from './index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-it's-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function predictionsOf(n: number, classCount: number): ClassPredictions {
  const probabilities = Float32Array.from({ length: n * classCount }, (_, i) => ((i * 7919) % 1000) / 1000)
  const column = (f: (i: number) => number) => Int32Array.from({ length: n }, (_, i) => f(i))
  return {
    task: 'classification',
    index: column((i) => i * 2),
    label: column((i) => i % classCount),
    predicted: column((i) => (i * 3) % classCount),
    probabilities,
    classCount,
  }
}

describe('predictions', () => {
  it.each([0, 1, 2048, 5000])('reads back %i rows, in order', async (n) => {
    const path = join(folder, 'predictions.parquet')
    const predictions = predictionsOf(n, 10)
    await writePredictions(path, predictions)
    expect(await readPredictions(path)).toEqual(predictions)
    expect(readdirSync(folder)).toEqual(['predictions.parquet'])
  })

  it('reads back numbers that were predicted', async () => {
    const path = join(folder, 'predictions.parquet')
    const predictions: Predictions = {
      task: 'regression',
      index: Int32Array.of(0, 1, 2),
      targets: Float32Array.of(1, 2, 3, 4, 5, 6),
      outputs: Float32Array.of(1.5, 2.5, 3.5, 4.5, 5.5, 6.5),
      width: 2,
    }
    await writePredictions(path, predictions)
    expect(await readPredictions(path)).toEqual(predictions)
    const fitted = {
      ...predictions,
      width: 1,
      index: Int32Array.of(0, 1, 2, 3, 4, 5),
      inputs: new Float32Array(6).fill(0.5),
    }
    await writePredictions(path, fitted)
    expect(await readPredictions(path)).toEqual(fitted)
    await expect(writePredictions(path, { ...fitted, inputs: new Float32Array(5) })).rejects.toThrow(
      'predictions.inputs has 5',
    )
  })

  it('gives scores that softmax makes the probabilities of, and that are finite where those were rounded to 0', () => {
    const probabilities = Float32Array.of(1, 0, 0.25, 0.75, 2 ** -149, 1)
    const scored = scoredPredictions({ ...predictionsOf(3, 2), probabilities })
    if (scored.task !== 'classification') throw new Error('these are of classes')
    expect(scored.scores.every(Number.isFinite)).toBe(true)
    expect(scored.scores[1]).toBe(scored.scores[4])
    expect(scored.targets).toEqual(Int32Array.of(0, 1, 0))
    for (const [i, p] of softmax(scored.scores, 2).entries()) expect(p).toBeCloseTo(probabilities[i] ?? Number.NaN, 6)
  })

  it('refuses arrays of different lengths, and a file that is not there', async () => {
    const wrong = { ...predictionsOf(4, 2), label: new Int32Array(3) }
    await expect(writePredictions(join(folder, 'x.parquet'), wrong)).rejects.toThrow('predictions.label has 3')
    await expect(writePredictions(join(folder, 'x.parquet'), { ...wrong, classCount: 0 })).rejects.toThrow(
      'classCount is 0',
    )
    await expect(readPredictions(join(folder, 'none.parquet'))).rejects.toThrow('cannot be read')
  })
})
