import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rocAucScore } from '../metrics/index.ts'
import { methodText } from '../metrics/uncertainty/index.ts'
import { encodeStateDict } from '../nn/index.ts'
import { key, uniform } from '../random/index.ts'
import { type Manifest, type Predictions, writePredictions } from '../runs/index.ts'
import { recordOf } from '../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../testing/runFolder.ts'
import { runExtras, writeRunReport } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-extras-'))
afterAll(() => rmSync(root, { recursive: true }))

const N = 200

/** A run's folder with predictions, as a training leaves it. */
async function runWith(id: string, predictions: Predictions, changes: Partial<Manifest> = {}): Promise<string> {
  const folder = writeRunFolder(root, finishedManifest(id, changes), [
    recordOf(1, 'train', 'loss', 0.5),
    recordOf(2, 'train', 'loss', 0.25),
    recordOf(2, 'test', 'loss', 0.3),
    recordOf(2, 'test', 'top2Accuracy', 0.9),
  ])
  mkdirSync(join(folder, 'checkpoints'))
  await writePredictions(join(folder, 'predictions.parquet'), predictions)
  return folder
}

/** Probabilities that lean to the true class. */
function classification(classes: number): Extract<Predictions, { task: 'classification' }> {
  const chance = uniform(key(3), N * classes)
  const label = Int32Array.from({ length: N }, (_, i) => (i % 5 === 0 ? 0 : i % classes))
  const scores = chance.map((u, at) => u + (at % classes === label[Math.floor(at / classes)] ? 0.6 : 0))
  const probabilities = scores.map((score, at) => {
    const row = scores.subarray(at - (at % classes), at - (at % classes) + classes)
    return score / row.reduce((sum, one) => sum + one, 0)
  })
  const predicted = label.map((_, i) => {
    const row = [...probabilities.subarray(i * classes, (i + 1) * classes)]
    return row.indexOf(Math.max(...row))
  })
  const index = Int32Array.from({ length: N }, (_, i) => i)
  return { task: 'classification', index, label, predicted, probabilities, classCount: classes }
}

const experiment = {
  loss: { kind: 'crossEntropy' },
  metrics: [{ kind: 'topKAccuracy', k: 2 }],
  monitor: 'validation.loss',
  earlyStopping: { kind: 'earlyStopping', patience: 2, minDelta: 0, restoreBest: true },
}
const data = { ...finishedManifest('x').data, classes: ['cat', 'dog', 'hen'] }

describe('runExtras', () => {
  it('judges a classifier by its folder alone, every metric with its kind of interval', async () => {
    const predictions = classification(3)
    const folder = await runWith('three', predictions, { data, experiment })
    const best = { weight: { shape: [1], data: Float32Array.of(1) } }
    const origin = { epoch: '1', step: '100', value: '0.125', config: 'c0' }
    writeFileSync(join(folder, 'checkpoints/best.safetensors'), encodeStateDict(best, origin))
    const extras = await runExtras({ folder })
    const kinds = Object.fromEntries(
      (extras.scores ?? []).map(({ name, interval }) => [name, 'reason' in interval ? 'none' : methodText(interval)]),
    )
    expect(kinds).toMatchObject({
      top2Accuracy: 'Wilson',
      accuracy: 'Wilson',
      f1Macro: 'BCa bootstrap, 1,000 resamples',
      rocAucMacro: 'BCa bootstrap, 1,000 resamples',
      ece15Bins: 'none',
    })
    for (const { value, interval } of extras.scores ?? [])
      if (!('reason' in interval)) expect(interval.low <= value && value <= interval.high).toBe(true)
    const area = extras.scores?.find(({ name }) => name === 'rocAucMacro')?.value
    expect(area).toBeCloseTo(rocAucScore(predictions.label, predictions.probabilities, 3), 6)

    const wrong = N - (extras.testAccuracy?.value ?? 0) * N
    expect(extras.mistakes?.length).toBe(Math.min(10, Math.round(wrong)))
    const sure = extras.mistakes?.map(({ confidence }) => confidence) ?? []
    expect(sure).toEqual(sure.toSorted((a, b) => b - a))
    expect(extras.mistakes?.every(({ label, predicted }) => label !== predicted)).toBe(true)
    const doubts = extras.uncertain?.map(({ entropy }) => entropy) ?? []
    expect(doubts).toEqual(doubts.toSorted((a, b) => b - a))

    const html = readFileSync(await writeRunReport(folder, extras), 'utf8')
    for (const text of [
      'Tested with the weights of epoch 1 (step 100): the best by validation loss (0.1250), not those of the last step.',
      'top2 accuracy',
      'ROC AUC, macro',
      'macro average: ',
      'expected calibration error',
      'Most uncertain</h2>',
      'none: resampling alone raises a calibration error',
    ])
      expect(html).toContain(text)
    const names = readdirSync(join(folder, 'figures'))
    for (const name of ['roc', 'precision-recall', 'calibration', 'per-class', 'confusion-matrix', 'training-curves'])
      for (const end of ['svg', 'csv', 'vl.json']) expect(names).toContain(`${name}.${end}`)
    expect(names).toContain('confusion-matrix-normalized.svg')
    expect(readFileSync(join(folder, 'figures/surest-mistakes.csv'), 'utf8').split('\n')).toHaveLength(sure.length + 2)
  })

  it.each([
    [
      'its test rows',
      { data: { kind: 'csv', test: { kind: 'groupedHoldOut', by: 'patient', validation: 0.2 } } },
      true,
    ],
    ['folds', { split: { kind: 'repeated', of: { kind: 'groupedKFold', by: 'patient', folds: 3 }, fold: 1 } }, true],
    ['nothing', { data: { kind: 'csv', by: 'patient' }, split: { validation: 0.1 } }, false],
  ])('says that intervals are too narrow where groups divide %s', async (what, settings, isSaid) => {
    const changes = { data, experiment: { ...experiment, ...settings } }
    const folder = await runWith(`grouped-${what}`, classification(3), changes)
    const html = readFileSync(await writeRunReport(folder, await runExtras({ folder })), 'utf8')
    const said = ['other seeds differ.', 'Every metric over the whole test split. ']
      .map((begin) => html.slice(html.lastIndexOf(begin)).split('<')[0])
      .map((text) => text?.includes('Rows with the same patient are not independent'))
    expect(said).toEqual([isSaid, isSaid])
  })

  it('gives two classes one curve, with DeLong’s interval', async () => {
    const folder = await runWith('two', classification(2), { data: { ...data, classes: ['died', 'survived'] } })
    const { scores, charts } = await runExtras({ folder })
    const auc = scores?.find(({ name }) => name === 'rocAucClass1')
    expect(auc?.interval).toMatchObject({ method: 'DeLong' })
    const roc = charts?.find(({ name }) => name === 'roc')
    expect(roc?.figure.alt).toBe(`ROC curves with the area under the curve: survived ${auc?.value.toFixed(3)}.`)
    expect(roc?.caption).toContain('survived against died')
  })

  it('shows errors of a regression, and leads with its first metric', async () => {
    const [targets, noise] = [uniform(key(1), N), uniform(key(2), N)]
    const outputs = targets.map((target, i) => target + 0.1 * ((noise[i] ?? 0) - 0.5))
    const index = Int32Array.from({ length: N }, (_, i) => i)
    const folder = await runWith('numbers', { task: 'regression', index, targets, outputs, width: 1 })
    const extras = await runExtras({ folder })
    expect(extras.charts?.map(({ name }) => name)).toEqual(['prediction-truth', 'residuals', 'residual-histogram'])
    const counts = extras.charts?.at(-1)?.figure.rows.map(({ count }) => Number(count)) ?? []
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(N)
    const html = readFileSync(await writeRunReport(folder, extras), 'utf8')
    for (const text of [
      'Errors</h2>',
      'test RMSE on 10,000 examples',
      'none: no bootstrap can tell how sure a largest value is',
    ])
      expect(html).toContain(text)
  })

  it('draws and measures nothing of outputs that are pictures, which may be logits', async () => {
    const targets = uniform(key(1), 60)
    const index = Int32Array.from({ length: 10 }, (_, i) => i)
    const folder = await runWith('pictures', { task: 'regression', index, targets, outputs: targets, width: 6 })
    expect(await runExtras({ folder })).toEqual({ scores: [], charts: [] })
  })

  it('says that predictions are no numbers, and reports on a run without any', async () => {
    const broken = { ...classification(3), probabilities: new Float32Array(3 * N).fill(Number.NaN) }
    expect(await runExtras({ folder: await runWith('broken', broken, { data }) })).toEqual({
      notes: ['Some test predictions are no finite numbers, so there is nothing to measure.'],
    })
    expect(await runExtras({ folder: writeRunFolder(root, finishedManifest('bare'), []) })).toEqual({})
  })
})
