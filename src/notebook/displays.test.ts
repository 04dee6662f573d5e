import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compareGroups } from '../compare/index.ts'
import { profileSplits } from '../data/profile/index.ts'
import { DISPLAY, type MimeBundle } from '../display.ts'
import { UsageError } from '../errors.ts'
import { architectureSvg, imageGridPng, trainingCurves } from '../figures/index.ts'
import { spectralDensity, spectrum } from '../inspect/index.ts'
import { accuracy, confusionMatrix, precisionRecallCurve, rocCurve } from '../metrics/index.ts'
import { summary } from '../nn/index.ts'
import { key } from '../random/index.ts'
import { groupRuns, listRuns, openRun, queryRuns, readPredictions } from '../runs/index.ts'
import { judge } from '../runs/testModel/index.ts'
import { createStudy, float, random, readStudy, space } from '../search/index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { stripes } from '../testing/made.ts'
import { recordOf } from '../testing/manifest.ts'
import { findLearningRate, fit as fitOnce, prepare } from '../train/index.ts'
import { type TrainedRun, train } from './index.ts'

const source = stripes(44)
/** Tested, so that there is something to show; on the samples that it was trained on, as nobody asks how good it is. */
const images = convolve.with({
  // So little that it errs.
  optimizer: convolve.optimizer.with({ lr: 1e-4 }),
  data: {
    ...source,
    load: async () => {
      const { train: all } = await source.load()
      return { train: all, test: all }
    },
  },
})

let root: string
let run: TrainedRun
const lines: string[] = []
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-notebook-'))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
  run = await train(images, { runs: join(root, 'runs'), seed: 3 })
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const isShown = (value: object): value is { readonly [DISPLAY]: () => Promise<MimeBundle> } => DISPLAY in value

/** What a value shows as the last of a cell. */
async function shown(value: object): Promise<MimeBundle> {
  if (!isShown(value)) throw new Error('this value does not show itself')
  return value[DISPLAY]()
}
const words = async (value: object): Promise<string> => (await shown(value))['text/plain']

describe('training from a notebook', () => {
  it('keeps the run with its report, and tells of it', async () => {
    expect(run).toMatchObject({ status: 'finished', experiment: images })
    expect((await openRun(join(root, 'runs'), run.id)).manifest).toMatchObject({ seed: 3, status: 'finished' })
    expect(run.report).toBe(join(run.folder, 'report.html'))
    expect(run.test?.loss).toBeGreaterThan(0)
    expect(lines.at(-1)).toMatch(new RegExp(`^${images.name}: finished after \\d+ steps in `))
    expect(lines[0]).toMatch(new RegExp(`^${images.name}, epoch \\d+ of ${images.epochs}: train loss `))
    expect(lines.length).toBeLessThan(15)
  })

  it('shows scores and curves, as the run does when it is opened later', async () => {
    const text = await words(run)
    expect(text).toContain(`Run ${run.id}: finished`)
    expect(text).toMatch(/loss +\d/)
    expect((await shown(run))['text/html']).toMatch(/<table>[\s\S]*<img alt="[^"]+" src="data:image\/png/)
    expect(await words(run.execution)).toBe(text)
    expect(await words(await openRun(join(root, 'runs'), run.id))).toBe(text)
    expect(await words(await run.curves())).toMatch(/loss/)
  })

  it('answers for samples, and refuses what is none', async () => {
    const { dataset } = run.prepared.test
    const { inputs } = dataset
    if (!('data' in inputs)) throw new Error('the samples are in memory')
    const size = inputs.shape.reduce((product, side) => product * side, 1)
    const asked = await run.predict(inputs.data.slice(0, 2 * size))
    expect(asked.predictions).toHaveLength(2)
    const [first] = asked.predictions
    if (first?.task !== 'classification') throw new Error('it is a classifier')
    expect(first.probabilities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5)
    expect(first.predicted).toBe(first.probabilities[0]?.class)
    expect(await words(asked)).toMatch(/sample +prediction\n +0 +\S+ \d/)
    await expect(run.predict(inputs.data.slice(0, size - 1))).rejects.toThrow(UsageError)
    const other = inputs.data instanceof Uint8Array ? new Float32Array(size) : new Uint8Array(size)
    await expect(run.predict(other)).rejects.toThrow(/was trained on/)
  })

  it('has a matrix of what was confused, and pictures of it where there are some', async () => {
    expect(Object.keys(await shown(run.confusionMatrix()))).toContain('image/png')
    expect(await words(await run.mistakes())).toMatch(/images: surest mistakes/)
    const untested = await train(convolve, { runs: join(root, 'untested') })
    expect(untested.confusionMatrix).toThrow('no classified test samples')
    await expect(untested.mistakes()).rejects.toThrow('no test images that it is wrong about')
  })
})

describe('results show themselves', () => {
  it('experiments, data and fits', async () => {
    expect(await words(classify)).toMatch(
      new RegExp(`Experiment ${classify.name}[\\s\\S]*batchSize +${classify.batchSize}`),
    )
    expect(await words(classify)).toMatch(/model +Linear\(.*\) → Relu → Dropout/i)
    const prepared = await prepare(classify)
    expect(await words(prepared)).toContain(`to train           ${prepared.train.indices.length}`)
    expect(await words(await fitOnce(classify, prepared, 0))).toMatch(/Training finished[\s\S]*steps +\d/)
    const found = await findLearningRate(classify, prepared, { steps: 30, repeats: 1 })
    expect(await words(found)).toMatch(/Learning rate [\d.e−]+/)
  }, 30_000)

  it('models and pictures', async () => {
    const { inputs } = run.prepared.train.dataset
    expect(await words(summary(images.model, inputs.shape))).toMatch(/parameters; [\s\S]*Conv2d/)
    expect(await shown(architectureSvg(images.model, inputs.shape))).toHaveProperty('image/png')
    const grid = await imageGridPng([{ data: new Uint8Array(9), shape: [1, 3, 3] }])
    expect(await shown(grid)).toMatchObject({ 'image/png': Buffer.from(grid).toString('base64') })
    const records = [1, 2].map((epoch) => recordOf(epoch, 'train', 'loss', 1 / epoch))
    expect(await shown(trainingCurves(records))).toHaveProperty('application/vnd.vegalite.v5+json')
  })

  it('scores and curves of classifiers', async () => {
    const [targets, predicted] = [Int32Array.of(0, 1, 1, 0), Int32Array.of(0, 1, 0, 0)]
    const probabilities = Float32Array.of(0.8, 0.2, 0.3, 0.7, 0.6, 0.4, 0.9, 0.1)
    expect(await shown(confusionMatrix(targets, predicted, 2))).toHaveProperty('image/png')
    expect(await words(rocCurve(targets, probabilities, 2, 1))).toMatch(/ROC/)
    expect(await words(precisionRecallCurve(targets, probabilities, 2, 1))).toMatch(/[Pp]recision/)
    const answer = {
      predictions: { task: 'classification', classes: 2, targets, scores: probabilities.map(Math.log) },
    } as const
    const judged = judge(answer, [accuracy()], { classes: ['cat', 'dog'] })
    expect(await words(judged)).toMatch(/4 samples[\s\S]*accuracy +75\.00%[\s\S]*cat +2 /)
  })

  it('what is in the store of runs', async () => {
    const runs = join(root, 'runs')
    expect(await words(await listRuns(runs))).toContain(run.id)
    expect(await words(await queryRuns(runs, 'SELECT id AS run, seed FROM runs'))).toMatch(
      new RegExp(`run +seed\n${run.id} +3`),
    )
    const predictions = await readPredictions(join(run.folder, 'predictions.parquet'))
    expect(await words(predictions)).toMatch(/sample +class +predicted +probability\n +0 /)
    const compared = await compareGroups(groupRuns((await listRuns(runs)).runs))
    expect(await words(compared)).toContain('What is compared')
  }, 30_000)

  it('profiles, studies and curvature', async () => {
    const { profile } = await profileSplits(await images.data.load(), { key: key(0) })
    expect(await words(profile)).toMatch(/How many samples are there\?/)
    const folder = join(root, 'study')
    const study = await createStudy({
      ...{ name: 'line', folder, sampler: random(), direction: 'minimize', key: key(0), trials: 3 },
      space: space({ x: float(0, 4) }),
    })
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask())
      await study.tell(trial, (trial.config.x - 2) ** 2)
    expect(await words(await readStudy(folder))).toMatch(/Study line: 3 trials, the best 3\ntrial +value +x\n/)
    const hessian = { matrix: Float64Array.of(2, 0, 0, -1), error: 0 }
    expect(await words(await spectrum(hessian))).toMatch(/2 eigenvalues from -1 to 2/)
    const operator = { size: 2, product: async (v: Float32Array) => Float64Array.of(2 * (v[0] ?? 0), -(v[1] ?? 0)) }
    expect(await words(await spectralDensity(operator, { key: key(0), probes: 2 }))).toMatch(/Density/)
  })
})
