import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Predictions, readPredictions, writePredictions } from './index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-it's-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function predictionsOf(n: number, classCount: number): Predictions {
  const probabilities = Float32Array.from({ length: n * classCount }, (_, i) => ((i * 7919) % 1000) / 1000)
  const column = (f: (i: number) => number) => Int32Array.from({ length: n }, (_, i) => f(i))
  return {
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

  it('writes 10,000 × 10 in less than a second', async () => {
    const begin = performance.now()
    await writePredictions(join(folder, 'predictions.parquet'), predictionsOf(10_000, 10))
    expect(performance.now() - begin).toBeLessThan(1000)
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
