import { mkdtempSync, rmSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { arrays, gather, impute, inMemory, standardize } from '../../data/index.ts'
import { csv, readCsv, readParquet } from '../../data/node.ts'
import { UsageError } from '../../errors.ts'
import { accuracy, f1, logLoss, maxError, r2, rmse } from '../../metrics/index.ts'
import { wilsonInterval } from '../../metrics/uncertainty/index.ts'
import { bce, conv2d, crossEntropy, flatten, linear, mse, relu, sequential, softmax } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import '../../runtime/ort/node.ts'
import { type Experiment, experiment, inferenceOnnx, prepare } from '../../train/index.ts'
import { type Execution, execute, openRun, type Run, readEncoding, readPredictions } from '../index.ts'
import {
  compareWithStored,
  fitSamples,
  judge,
  loadNetwork,
  loadWeightsFile,
  namedClasses,
  onnxFile,
  predictSamples,
  samplesFromFiles,
  samplesOfRun,
  type TestedModel,
  testedNetwork,
  writeTested,
} from './index.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-test-model-'))
  vi.stubEnv('ASSAY_CACHE', join(root, 'cache'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true, force: true })
})

const write = async (name: string, content: Uint8Array | string): Promise<string> => {
  const path = join(root, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return path
}

/** Which half of a 6 × 6 picture is brighter: even ones left, odd ones right. */
const picture = (sample: number): Uint8Array =>
  Uint8Array.from({ length: 36 }, (_, i) => ((sample % 2 === 0) === i % 6 < 3 ? 200 + (sample % 7) : 20 + (i % 5)))
const pictures = (from: number, n: number) => ({
  inputs: {
    data: Uint8Array.from(Array.from({ length: n }, (_, i) => [...picture(from + i)]).flat()),
    shape: [1, 6, 6],
  },
  targets: {
    task: 'classification' as const,
    labels: Int32Array.from({ length: n }, (_, i) => (from + i) % 2),
    classes: ['left', 'right'],
  },
})
const png = (sample: number, size = 6) =>
  sharp(picture(sample), { raw: { width: 6, height: 6, channels: 1 } })
    .resize(size, size, { kernel: 'nearest' })
    .png()
    .toBuffer()

const halves = experiment({
  name: 'halves',
  data: arrays({ name: 'halves', ...pictures(0, 60), test: pictures(60, 25) }),
  split: { validation: 10 },
  prepare: [standardize()],
  model: sequential(conv2d(3, 3), relu(), flatten(), linear(2)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.02 }),
  batchSize: 16,
  epochs: 2,
  metrics: [accuracy(), f1()],
})

async function trained(of: Experiment): Promise<{ readonly run: Run; readonly execution: Execution }> {
  const execution = await execute(of, await prepare(of), { root: join(root, 'runs'), seed: 0 })
  return { run: await openRun(join(root, 'runs'), execution.id), execution }
}
const predictionsOf = async (model: TestedModel, of: Parameters<typeof fitSamples>[0]) =>
  (await predictSamples(model, of)).predictions
const scoresIn = (predictions: Awaited<ReturnType<typeof predictionsOf>>): Float32Array =>
  predictions.task === 'classification' ? predictions.scores : predictions.outputs

describe('a run', () => {
  let run: Run
  let execution: Execution
  let model: TestedModel
  beforeAll(async () => {
    ;({ run, execution } = await trained(halves))
    model = testedNetwork(await loadNetwork(run, halves), halves)
  })

  it('says of its test split what it has stored, bit for bit, with the same loss', async () => {
    const samples = fitSamples(await samplesOfRun(run, halves, 'test'), model)
    const seen: [number, number][] = []
    const answer = await predictSamples(model, samples, { onProgress: (...at) => void seen.push(at) })
    expect(answer.loss).toBe(execution.test?.scores.loss)
    const { lossMetric } = model
    expect(judge(answer, [], { classes: [], lossMetric }).scores[0]?.interval?.n).toBe(25)
    expect(answer.predictions).toEqual(execution.test?.predictions)
    expect(await compareWithStored(run, answer.predictions)).toMatchObject({ state: 'same' })
    expect(seen).toEqual([
      [0, 25],
      [25, 25],
    ])
    expect([...samples.notes, ...model.notes]).toEqual([])
  })

  it('is asked about its own training and validation splits', async () => {
    const [train, validation] = [
      await samplesOfRun(run, halves, 'train'),
      await samplesOfRun(run, halves, 'validation'),
    ]
    expect([train.indices.length, validation.indices.length]).toEqual([50, 10])
    const { loss } = await predictSamples(model, fitSamples(validation, model))
    expect(loss).toBe(execution.epochs.at(-1)?.validation?.loss)
  })

  it('says that stored predictions differ, and by how much', async () => {
    const { predictions } = await predictSamples(model, fitSamples(await samplesOfRun(run, halves, 'test'), model))
    if (predictions.task !== 'classification') throw new Error('halves are classes')
    const nudged = predictions.scores.map((score, i) => (i === 0 ? score + 1e-6 : score))
    expect(await compareWithStored(run, { ...predictions, scores: nudged })).toMatchObject({
      state: expect.stringMatching(/same|close/),
    })
    const turned = predictions.scores.map((score) => -score)
    const found = await compareWithStored(run, { ...predictions, scores: turned })
    expect(found).toMatchObject({ state: 'different', classes: 25 })
    expect(found?.text).toContain('stored predictions differ: 25 samples have another class, a probability differs by')
    const fewer = { ...predictions, scores: turned.subarray(2), targets: predictions.targets.subarray(1) }
    expect((await compareWithStored(run, fewer))?.text).toContain('they are of 25 samples, and 24 were predicted now')
  })

  it('warns of other test data, and refuses to divide other training data', async () => {
    const other = halves.with({ data: arrays({ name: 'halves', ...pictures(0, 60), test: pictures(61, 25) }) })
    const [note] = (await samplesOfRun(run, other, 'test')).notes
    expect(note).toMatch(/^the test data are others than those of the run \(fingerprint [0-9a-f]{12} in place of/)
    const training = halves.with({ data: arrays({ name: 'halves', ...pictures(2, 60), test: pictures(60, 25) }) })
    await expect(samplesOfRun(run, training, 'train')).rejects.toThrow(
      'the training data are others than those that run',
    )
  })

  it('takes the weights that are asked for, and those of the last checkpoint where it has not finished', async () => {
    const folder = join(root, 'cut')
    await cp(run.folder, folder, { recursive: true })
    await rm(join(folder, 'checkpoints/final.safetensors'))
    await rm(join(folder, 'preparation.json'))
    const cut: Run = { ...run, folder, manifest: { ...run.manifest, status: 'interrupted' } }
    const last = await loadNetwork(cut, halves)
    expect(last.notes).toEqual([
      'the run is interrupted and has no final weights: those of its last checkpoint are used',
      'the preparation was fitted again, on the run’s own training split',
    ])
    const samples = await samplesOfRun(run, halves, 'test')
    const again = await predictionsOf(testedNetwork(last, halves), samples)
    expect(again).toEqual(await predictionsOf(model, samples))
    await expect(loadNetwork(cut, halves, { weights: 'final' })).rejects.toThrow(
      `run ${run.id} (interrupted) has no final weights: it has best, last`,
    )
  })

  it('is asked about images: flat, by class, one; files that are none are listed', async () => {
    for (let i = 0; i < 4; i++) {
      await write(`flat/${i}.png`, await png(i))
      await write(`classes/${i % 2 === 0 ? 'left' : 'right'}/${i}.png`, await png(i))
    }
    await write('flat/broken.png', 'no image')
    await write('flat/notes.txt', 'no image')
    const flat = fitSamples(await samplesFromFiles(join(root, 'flat'), model), model)
    expect(flat).toMatchObject({
      labelled: false,
      origins: { column: 'file', values: ['0.png', '1.png', '2.png', '3.png'] },
    })
    expect(flat.leftOut.map(({ item }) => item).sort()).toEqual(['broken.png', 'notes.txt'])
    const { test } = await halves
      .with({ data: arrays({ name: 'x', ...pictures(0, 4), test: pictures(0, 4) }) })
      .data.load()
    const expected = await predictionsOf(model, { ...flat, dataset: test })
    expect(scoresIn(await predictionsOf(model, flat))).toEqual(scoresIn(expected))

    const byClass = fitSamples(await samplesFromFiles(join(root, 'classes'), model), model)
    expect(byClass.labelled).toBe(true)
    expect(byClass.dataset.targets).toMatchObject({ labels: Int32Array.of(0, 0, 1, 1), classes: ['left', 'right'] })
    expect(byClass.origins?.values).toEqual(['left/0.png', 'left/2.png', 'right/1.png', 'right/3.png'])

    const one = fitSamples(await samplesFromFiles(join(root, 'flat/2.png'), model), model)
    expect([...(await gather(one.dataset, one.indices)).inputs]).toEqual([...picture(2)])
  })

  it('is asked about IDX files, judged by the labels beside them', async () => {
    const idx = (values: Uint8Array, ...sizes: readonly number[]): Uint8Array => {
      const header = new DataView(new ArrayBuffer(4 + 4 * sizes.length))
      header.setUint16(2, 0x0800 + sizes.length)
      for (const [axis, size] of sizes.entries()) header.setUint32(4 + 4 * axis, size)
      return Uint8Array.from([...new Uint8Array(header.buffer), ...values])
    }
    const both = Uint8Array.from([...picture(0), ...picture(1)])
    const path = await write('idx/t10k-images-idx3-ubyte', idx(both, 2, 6, 6))
    expect((await samplesFromFiles(path, model)).labelled).toBe(false)
    await write('idx/t10k-labels-idx1-ubyte', idx(Uint8Array.of(0, 1), 2))
    const samples = fitSamples(await samplesFromFiles(join(root, 'idx'), model), model)
    expect(samples).toMatchObject({ labelled: true, dataset: { targets: { labels: Int32Array.of(0, 1) } } })
    expect(inMemory(samples.dataset).inputs.data).toEqual(both)
    await write('idx/t10k-labels-idx1-ubyte', idx(Uint8Array.of(0, 2), 2))
    await expect(samplesFromFiles(path, model)).rejects.toThrow('the label of sample 1 is 2')
  })

  it('names both sizes where images have another, and resizes when asked', async () => {
    await write('large/0.png', await png(0, 12))
    await expect(samplesFromFiles(join(root, 'large'), model)).rejects.toThrow(
      'takes images of 6 × 6 pixels (height × width), and 0.png has 12 × 12: give --resize',
    )
    const samples = fitSamples(await samplesFromFiles(join(root, 'large'), model, { resize: true }), model)
    expect(samples.dataset.inputs.shape).toEqual([1, 6, 6])
  })

  it('leaves labels aside that mean something else, and refuses a class that it does not know beside others', async () => {
    const samples = await samplesOfRun(run, halves, 'test')
    const called = (classes: readonly string[]) => {
      const { targets } = samples.dataset
      if (targets.task !== 'classification') throw new Error('halves are classes')
      return { ...samples, dataset: { ...samples.dataset, targets: { ...targets, classes } } }
    }
    const other = fitSamples(called(['up', 'down']), model)
    expect(other.labelled).toBe(false)
    expect(other.notes[0]).toContain('no class of halves, test split (up, down) is one of run')
    expect(() => fitSamples(called(['left', 'down']), model)).toThrow('has the classes down, which run')
    const swapped = fitSamples(called(['right', 'left']), model)
    expect(swapped.dataset.targets).toMatchObject({ classes: ['left', 'right'] })
    const labels = (of: typeof samples) =>
      of.dataset.targets.task === 'classification' ? [...of.dataset.targets.labels] : []
    expect(labels(swapped)).toEqual(labels(samples).map((label) => 1 - label))
  })

  it('names both shapes and types where samples do not fit', async () => {
    const samples = await samplesOfRun(run, halves, 'test')
    const wide = {
      ...samples,
      dataset: { ...samples.dataset, inputs: { data: new Uint8Array(25 * 72), shape: [2, 6, 6] } },
    }
    expect(() => fitSamples(wide, model)).toThrow(UsageError)
    expect(() => fitSamples(wide, model)).toThrow(
      'takes samples of [1, 6, 6], and those of halves, test split are [2, 6, 6]',
    )
    const floats: TestedModel = { ...model, dtype: 'float32' }
    expect(() => fitSamples(samples, floats)).toThrow('say what 0 and 255 become, as in --range 0,1')
    const scaled = fitSamples(samples, floats, { range: [-1, 1] })
    const out = new Float32Array(36)
    if (!('read' in scaled.dataset.inputs)) throw new Error('scaled samples are made when they are read')
    await scaled.dataset.inputs.read(Uint32Array.of(1), out)
    expect(out).toEqual(Float32Array.from(picture(61), (value) => -1 + (value / 255) * 2))
  })

  it('gives its weights to the experiment by their file, and its network as ONNX under another name', async () => {
    const samples = await samplesOfRun(run, halves, 'test')
    const expected = scoresIn(await predictionsOf(model, samples))
    const loaded = await loadWeightsFile(join(run.folder, 'checkpoints/final.safetensors'), halves)
    expect(loaded.notes[0]).toContain('the preparation is fitted on the training split of halves')
    expect(scoresIn(await predictionsOf(testedNetwork(loaded, halves), samples))).toEqual(expected)

    const path = await write('net.onnx', await readFile(join(run.folder, 'model.onnx')))
    const onnx = await onnxFile(path)
    expect(onnx).toMatchObject({
      name: 'net.onnx',
      sample: [1, 6, 6],
      dtype: 'uint8',
      target: { classes: ['left', 'right'] },
    })
    const found = scoresIn(await predictionsOf(onnx, fitSamples(samples, onnx)))
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4)
    await onnx.dispose()
  })

  it('writes predictions with names, as CSV and Parquet, and what is not known not at all', async () => {
    const samples = fitSamples(await samplesFromFiles(join(root, 'classes'), model), model)
    const { predictions } = await predictSamples(model, samples)
    const path = join(root, 'out/all.csv')
    await writeTested(path, samples, predictions, ['left', 'right'])
    const table = await readCsv(path)
    expect(table.names).toEqual(['index', 'file', 'label', 'label_name', 'predicted', 'predicted_name', 'p0', 'p1'])
    expect(table.column('label_name')).toMatchObject({
      categories: ['left', 'right'],
      codes: Int32Array.of(0, 0, 1, 1),
    })
    const bare = join(root, 'out/bare.parquet')
    await writeTested(bare, { ...samples, labelled: false }, predictions, ['left', 'right'])
    expect((await readParquet(bare)).names).toEqual(['index', 'file', 'predicted', 'predicted_name', 'p0', 'p1'])
    await expect(writeTested(join(root, 'out/all.txt'), samples, predictions, [])).rejects.toThrow('.parquet or .csv')
    const stored = await readPredictions(join(run.folder, 'predictions.parquet'))
    expect(stored.index).toHaveLength(25)
  })
})

describe('a run on a table', () => {
  const rows = (n: number, withTarget = true) =>
    [
      `a,colour${withTarget ? ',y' : ''}`,
      ...Array.from(
        { length: n },
        (_, i) => `${i % 5},${i % 3 === 0 ? 'red' : 'blue'}${withTarget ? `,${(i % 5) * 2.5 + (i % 3)}` : ''}`,
      ),
    ].join('\n')
  const of = (path: string) =>
    experiment({
      name: 'table',
      data: csv(path, { target: 'y', task: 'regression', test: 0.25 }),
      prepare: [impute(), standardize()],
      model: sequential(linear(4), relu(), linear(1)),
      loss: mse(),
      optimizer: adam({ lr: 0.05 }),
      epochs: 3,
    })

  it('is asked about rows with and without the target, encoded as in training', async () => {
    const table = of(await write('rows.csv', rows(40)))
    const { run } = await trained(table)
    const model = testedNetwork(await loadNetwork(run, table), table)
    expect(model.metrics.map(({ name }) => name)).toEqual(['rmse', 'mae', 'r2'])
    const encoding = await readEncoding(run)
    const known = await samplesFromFiles(await write('new.csv', rows(7)), model, { encoding, source: table.data })
    const blind = await samplesFromFiles(await write('blind.csv', `${rows(7, false)}\n,red`), model, {
      encoding,
      source: table.data,
    })
    expect([known.labelled, blind.labelled]).toEqual([true, false])
    expect(blind.origins).toEqual({ column: 'row', values: Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
    const [first, second] = [
      await predictionsOf(model, fitSamples(known, model)),
      await predictionsOf(model, fitSamples(blind, model)),
    ]
    expect(scoresIn(second).subarray(0, 7)).toEqual(scoresIn(first))
    // The preparation fills in what is missing.
    expect(scoresIn(second)[7]).toSatisfy(Number.isFinite)
    const part = await write('part.csv', `${rows(3)}\n4,red,`)
    await expect(samplesFromFiles(part, model, { encoding })).rejects.toThrow(
      'y is missing in 1 of 4 rows, the first of them row 4',
    )
    await expect(samplesFromFiles(await write('a.png', await png(0)), model)).rejects.toThrow(
      'takes samples of [3], which are no images or recordings: give a table',
    )
    const strange = await write('strange.csv', 'a,colour\n1,green')
    await expect(samplesFromFiles(strange, model, { encoding })).rejects.toThrow('colour is "green" in row 1')
  })
})

describe('a foreign ONNX file', () => {
  const points = (n: number) => ({
    inputs: { data: Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i)), shape: [2] },
    targets: {
      task: 'classification' as const,
      labels: Int32Array.from({ length: n }, (_, i) => i % 2),
      classes: ['no', 'yes'],
    },
  })
  const of = experiment({
    name: 'points',
    data: arrays({ name: 'points', ...points(20), test: points(10) }),
    model: sequential(linear(2)),
    loss: crossEntropy(),
    optimizer: adam(),
    epochs: 1,
  })
  /** The network with other layers at its end, without names of classes. */
  async function file(name: string, changed: Experiment, strip = true) {
    const prepared = await prepare(changed)
    const { variables } = await loadNetwork((await trained(changed)).run, changed)
    const unnamed = strip ? { ...prepared, target: { task: 'regression' as const, shape: [] } } : prepared
    return { path: await write(name, inferenceOnnx(unnamed, variables)), prepared, variables }
  }

  it('is taken by its outputs: probabilities as well as logits, one output as the second of two classes', async () => {
    const { prepared, path } = await file('logits.onnx', of)
    const logits = await onnxFile(path)
    expect(logits).toMatchObject({ classesUnnamed: true, target: { classes: ['0', '1'] }, dtype: 'float32' })
    const samples = { ...prepared.test, name: 'points', labelled: true, leftOut: [], notes: [] }
    const fitted = fitSamples(samples, logits)
    expect(namedClasses(logits, fitted)).toEqual(['no', 'yes'])

    const { variables } = await file('again.onnx', of)
    const soft = {
      ...prepared,
      target: { task: 'regression' as const, shape: [] },
      network: { ...prepared.network, model: sequential(linear(2), softmax()) },
    }
    const shares = await onnxFile(await write('shares.onnx', inferenceOnnx(soft, variables)))
    const [a, b] = [await predictionsOf(logits, fitted), await predictionsOf(shares, fitSamples(samples, shares))]
    // Logits of the same probabilities differ by a number for each sample.
    for (let i = 0; i < 20; i += 2)
      expect((scoresIn(a)[i] ?? 0) - (scoresIn(a)[i + 1] ?? 0)).toBeCloseTo(
        (scoresIn(b)[i] ?? 0) - (scoresIn(b)[i + 1] ?? 0),
        4,
      )

    const binary = of.with({ model: sequential(linear(1)), loss: bce() })
    const one = await onnxFile((await file('one.onnx', binary)).path, {
      task: 'classification',
      classes: ['no', 'yes'],
    })
    const scores = scoresIn(await predictionsOf(one, fitSamples(samples, one)))
    expect(scores).toHaveLength(20)
    expect([...scores].filter((_, i) => i % 2 === 0)).toEqual(Array(10).fill(0))
    for (const model of [logits, shares, one]) await model.dispose()
  })

  it('takes the numbers of a table, and refuses what cannot be', async () => {
    const { path } = await file('table.onnx', of)
    const model = await onnxFile(path, { classes: ['no', 'yes'] })
    const csvPath = await write('points.csv', 'x,y,answer\n0.5,1,yes\n-1,0.25,no\n2,2,yes')
    const samples = fitSamples(await samplesFromFiles(csvPath, model, { targetColumn: 'answer' }), model)
    expect([...inMemory(samples.dataset).inputs.data]).toEqual([0.5, 1, -1, 0.25, 2, 2])
    expect(samples.dataset.targets).toMatchObject({ labels: Int32Array.of(1, 0, 1) })
    await expect(samplesFromFiles(csvPath, model)).rejects.toThrow('the column answer is text (no, yes)')
    await expect(onnxFile(path, { classes: ['a', 'b', 'c'] })).rejects.toThrow('tells 2 classes apart, and 3 are named')
    await expect(samplesFromFiles(join(root, 'nowhere'), model)).rejects.toThrow('there is no "')
    await expect(samplesFromFiles(path, model)).rejects.toThrow('is nothing that can be read as samples')
    await model.dispose()
  })
})

describe('judge', () => {
  const predictions = {
    task: 'classification' as const,
    scores: Float32Array.of(2, 0, 0, 2, 2, 0, 0, 2),
    classes: 2,
    targets: Int32Array.of(0, 1, 1, 1),
  }

  it('gives accuracy Wilson’s interval, others the bootstrap’s, and tables of classes', () => {
    const found = judge({ loss: 0.5, predictions }, [accuracy(), f1()], { classes: ['no', 'yes'] })
    expect(found.scores[0]).toEqual({ name: 'loss', value: 0.5 })
    expect(found.scores[1]).toEqual({
      name: 'accuracy',
      value: 0.75,
      interval: { ...wilsonInterval(3, 4), method: 'Wilson', level: 0.95, n: 4 },
    })
    const macro = found.scores[2]
    expect(macro?.interval?.method).toBe('BCa bootstrap')
    expect(macro?.interval?.low).toBeLessThan(macro?.value ?? 0)
    expect(found.confusion?.counts).toEqual([
      [1, 0],
      [1, 2],
    ])
    expect(found.perClass?.[1]).toEqual({ class: 'yes', samples: 3, precision: 1, recall: 2 / 3, f1: 0.8 })
  })

  it('gives the loss the interval of the metric that it is, and none to another', () => {
    const options = { classes: ['no', 'yes'], lossMetric: logLoss() }
    const [own, same] = judge({ loss: logLoss().compute(predictions), predictions }, [logLoss()], options).scores
    expect(own).toEqual({ ...same, name: 'loss' })
    expect(own?.interval?.high).toBeGreaterThan(own?.value ?? Number.NaN)
    const [smoothed] = judge({ loss: 0.75, predictions }, [], options).scores
    expect(smoothed).toEqual({
      ...{ name: 'loss', value: 0.75 },
      noInterval: 'it is not the logLoss alone, as with label smoothing',
    })
  })

  it('gives no interval that would be none', () => {
    const right = { ...predictions, targets: Int32Array.of(0, 1, 0, 1) }
    expect(judge({ predictions: right }, [f1()], { classes: [] }).scores).toMatchObject([
      { name: f1().name, value: 1, noInterval: 'all resamples give the same f1Macro' },
    ])
    const numbers = {
      task: 'regression' as const,
      outputs: Float32Array.of(1, 2, 3),
      targets: Float32Array.of(1, 2, 5),
      width: 1,
    }
    const [worst, mean] = judge({ predictions: numbers }, [maxError(), rmse()], { classes: [] }).scores
    expect(worst).toMatchObject({ name: maxError().name, value: 2 })
    expect(worst?.interval).toBeUndefined()
    expect(mean?.interval).toBeDefined()
    const many = new Float32Array(4_000_000)
    const pixels = { task: 'regression' as const, outputs: many, targets: many.map((_, i) => i % 3), width: 400 }
    const [found] = judge({ predictions: pixels }, [r2()], { classes: [] }).scores
    expect(found?.noInterval).toBe('there are too many numbers to resample')
  })
})
