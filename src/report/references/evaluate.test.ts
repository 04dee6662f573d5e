import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manifest, writePredictions } from '../../runs/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { plainText } from '../document.ts'
import { evaluate, openRecords } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-references-'))
const runs = join(root, 'runs')
afterAll(() => rmSync(root, { recursive: true }))

const base = finishedManifest('base')

let written = 0

/** One run of a grid of models and rates. */
async function write(model: string, lr: number, seed: number, accuracy: number, changes: Partial<Manifest> = {}) {
  const id = `${model}-${lr}-s${seed}`
  written += 1
  const manifest: Manifest = {
    ...base,
    createdAt: new Date(Date.parse(base.createdAt) + 1000 * written).toISOString(),
    ...{ id, name: model, seed, grid: { name: 'rates', labels: { experiment: model, 'learning rate': String(lr) } } },
    experiment: {
      name: model,
      optimizer: { kind: 'adam', lr, beta1: 0.9 },
      epochs: 2,
      batchSize: 64,
      loss: { kind: 'crossEntropy' },
      metrics: [{ kind: 'accuracy' }],
    },
    data: { ...base.data, classes: ['no', 'yes'] },
    model: { ...base.model, name: 'Sequential', parameters: 1234 },
    ...changes,
  }
  const finished = manifest.status === 'finished'
  const folder = writeRunFolder(runs, manifest, [
    recordOf(1, 'validation', 'accuracy', accuracy + 0.02),
    recordOf(2, 'validation', 'accuracy', accuracy - 0.01),
    ...(finished ? [recordOf(2, 'test', 'loss', 1 - accuracy), recordOf(2, 'test', 'accuracy', accuracy)] : []),
  ])
  if (!finished) return
  await writePredictions(join(folder, 'predictions.parquet'), {
    task: 'classification',
    index: Int32Array.of(0, 1, 2, 3),
    label: Int32Array.of(0, 0, 1, 1),
    predicted: Int32Array.of(0, 1, 1, 1),
    probabilities: Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.45, 0.55, 0.2, 0.8),
    classCount: 2,
  })
}

beforeAll(async () => {
  await write('calm', 0.1, 0, 0.8)
  await write('calm', 0.1, 1, 0.84)
  await write('calm', 0.01, 0, 0.9)
  await write('loud', 0.1, 0, 0.75)
  await write('loud', 0.01, 0, 0, { status: 'failed', diverged: true, error: 'the loss became NaN' })
  mkdirSync(join(root, 'tables'))
  writeFileSync(join(root, 'tables', 'x.csv'), 'name,score\n"a, b",0.12345678\nc,\n')
  writeFileSync(
    join(root, 'curvature.json'),
    JSON.stringify({ lambdaMax: 12.3456789, rows: [{ accuracy: 0.5 }], none: null }),
  )
})

const read = async (expression: string) => {
  const found = await evaluate(expression, openRecords(runs))
  if (found.kind !== 'value') throw new Error(`${expression} gives blocks`)
  return found.value
}
const textOf = async (expression: string) => (await read(expression)).text

const CELL = "group('rates', { experiment: 'calm', 'learning rate': '0.1' })"

describe('values', () => {
  it.each([
    ["run('calm-0.1-s0').test.accuracy", '80.00%'],
    ["run('calm', { lr: 0.1, seed: 1 }).test.accuracy", '84.00%'],
    ["run('calm-0.1-s0').test.loss", '0.2000'],
    ["run('calm-0.1-s0').validation.accuracy", '79.00%'],
    ["run('calm-0.1-s0').validation.accuracy.best", '82.00%'],
    ["run('calm-0.1-s0').validation.accuracy.bestEpoch", '1'],
    [`${CELL}.test.accuracy`, '82.00%'],
    [`${CELL}.test.accuracy.std`, '2.83 pp'],
    [`${CELL}.test.accuracy.seeds`, '2'],
    [`${CELL}.test.accuracy.meanStd`, '82.00% ± 2.83 pp'],
    ["group('rates', { experiment: 'calm', lr: 0.01 }).test.accuracy.meanStd", '90.00% (one seed)'],
    [`${CELL}.seeds`, '0, 1'],
    ["run('calm-0.1-s0').parameters", '1,234'],
    ["run('calm-0.1-s0').model", 'calm'],
    ["run('calm-0.1-s0').optimizer", 'adam'],
    ["run('calm-0.1-s0').optimizer.settings", 'adam(lr: 0.1, beta1: 0.9)'],
    ["run('calm-0.01-s0').lr", '0.01'],
    ["run('calm-0.1-s0').settings['optimizer.beta1']", '0.9'],
    ["run('calm-0.1-s0').data.train", '50,000'],
    ["run('calm-0.1-s0').duration", '5.0 s'],
    ["group('rates').runs", '5'],
    ["group('rates').diverged", '1'],
    ["best(group('rates')).label", 'calm (learning rate 0.01)'],
    ["best(group('rates', { experiment: 'calm' })).test.accuracy", '90.00%'],
    ["run('calm-0.01-s0').test.accuracy - run('loud-0.1-s0').test.accuracy", '15.00 pp'],
    ["100 * run('calm-0.01-s0').test.accuracy", '90'],
    ["points(run('calm-0.01-s0').test.accuracy - run('loud-0.1-s0').test.accuracy, 1)", '15.0 pp'],
    ["difference(run('loud-0.1-s0').test.accuracy, run('calm-0.01-s0').test.accuracy)", '−15.00 pp'],
    ["percent(1 - run('calm-0.01-s0').test.accuracy, 0)", '10%'],
    ["ratio(run('calm-0.01-s0').data.train, run('calm-0.01-s0').data.test)", '5'],
    ["run('calm-0.01-s0').parameters * 4 / 1000", '4.936'],
    ["fixed(-run('calm-0.01-s0').test.accuracy, 1)", '−0.9'],
    ["max([run('calm-0.1-s0').test.accuracy, run('calm-0.1-s1').test.accuracy])", '84.00%'],
    ["mean(run('calm-0.1-s0').test.accuracy, run('calm-0.1-s1').test.accuracy)", '82.00%'],
    ["file('curvature.json').lambdaMax", '12.35'],
    ["file('curvature.json').rows[0].accuracy", '50.00%'],
  ])('%s is %s', async (expression, text) => {
    expect(await textOf(expression)).toBe(text)
  })

  it('say where they come from', async () => {
    expect(await read(`${CELL}.test.accuracy`)).toMatchObject({
      value: 0.8200000000000001,
      unit: 'share',
      source: 'calm-0.1-s0, calm-0.1-s1: test accuracy, of the weights that were tested, mean over 2 seeds',
      runs: ['calm-0.1-s0', 'calm-0.1-s1'],
    })
    const { interval } = { interval: await textOf(`${CELL}.test.accuracy.interval`) }
    expect(interval).toMatch(/^\d+\.\d\d% to \d+\.\d\d%$/)
  })

  it.each([
    ["run('clam-0.1-s0').test.accuracy", /did you mean "calm-0\.1-s0"/],
    ["run('calm').test.accuracy", /2 groups of runs/],
    ["run('calm', { lr: 0.1 }).lr", /2 runs \(seeds 0, 1\).*seed: 0/],
    ["run('calm', { lr: 0.2 }).lr", /has no lr "0\.2".*0\.1; 0\.01/],
    ["run('calm', { colour: 1 }).lr", /cannot be chosen by "colour"/],
    ["group('rates').test.accuracy", /4 groups.*choose it/],
    ["group('rates').lr", /differ in lr: 0\.1, 0\.01/],
    ["run('calm-0.1-s0').test.acuracy", /no value "acuracy"; did you mean "accuracy"/],
    ["run('calm-0.1-s0').tset.accuracy", /did you mean "test"/],
    ["run('loud-0.01-s0').test.accuracy", /loud-0\.01-s0 diverged \(the loss became NaN\)/],
    ["run('calm-0.1-s0').train.loss", /logged nothing on its train split/],
    ["run('calm-0.01-s0').test", /is no value: add what of it, one of \.loss, \.accuracy/],
    ["run('calm-0.01-s0').name + 1", /takes numbers, and got "calm"/],
    ["run('calm-0.01-s0').parameters / 0", /no finite number/],
    ["tabel('a')", /no function "tabel"; did you mean "table"/],
    ["percent('x')", /takes numbers/],
    ["run('calm-0.01-s0').momentum", /has no momentum/],
    ["file('curvature.json').none", /is not known/],
    ["file('curvatur.json').x", /did you mean "curvature\.json"/],
    ["study('sinc').best.value", /no study "sinc"/],
    ["group('rates', { experiment: 'calm', lr: 0.01 }).test.accuracy.std", /one finished run/],
  ])('%s is refused', async (expression, message) => {
    await expect(read(expression)).rejects.toThrow(message)
  })
})

const blocksOf = async (expression: string) => {
  const found = await evaluate(expression, openRecords(runs))
  if (found.kind !== 'blocks') throw new Error(`${expression} gives a value`)
  return found.blocks
}

const tableOf = async (expression: string) => {
  const [block] = await blocksOf(expression)
  if (block?.kind !== 'table') throw new Error(`${expression} gives no table`)
  return block.rows.map((row) => row.map(plainText))
}

describe('blocks', () => {
  it('puts a grid into a table of rows and columns, and marks the best of each row', async () => {
    const [block] = await blocksOf("table('pivot', group('rates'), { id: 'tab:p', caption: 'Rates.' })")
    expect(block).toMatchObject({
      kind: 'table',
      id: 'tab:p',
      caption: 'Rates.',
      origin: expect.stringContaining('pivot'),
    })
    expect(await tableOf("table('pivot', group('rates'))")).toEqual([
      ['calm', '82.00% ± 2.83 pp', '90.00%'],
      ['loud', '75.00%', 'diverged'],
    ])
    expect(block?.kind === 'table' && block.rows[0]?.[2]).toMatchObject([{ kind: 'strong' }])
    expect(
      await tableOf(
        "table('pivot', group('rates'), { rows: 'lr', columns: 'experiment', metric: 'validation.accuracy' })",
      ),
    ).toEqual([
      ['0.1', '81.00% ± 2.83 pp', '74.00%'],
      ['0.01', '89.00%', 'diverged'],
    ])
  })

  it('chooses the best of each row on the validation split', async () => {
    expect(await tableOf("table('best', group('rates'), { metrics: ['accuracy'] })")).toEqual([
      ['calm', '0.01', '89.00%', '90.00%', '1,234'],
      ['loud', '0.1', '74.00%', '75.00%', '1,234'],
    ])
  })

  it('counts classes and confusions of stored predictions', async () => {
    expect(await tableOf("table('confusion', run('calm-0.1-s0'))")).toEqual([
      ['no', '1', '1'],
      ['yes', '0', '2'],
    ])
    expect((await tableOf("table('classes', run('calm-0.1-s0'))"))[0]).toEqual([
      'no',
      '1.0000',
      '0.5000',
      '0.6667',
      '2',
    ])
  })

  it('takes tables from files, with the columns that are asked for', async () => {
    expect(await tableOf("table('tables/x.csv')")).toEqual([
      ['a, b', '0.1235'],
      ['c', '–'],
    ])
    expect(await tableOf("table('tables/x.csv', { columns: ['score'], rows: 1 })")).toEqual([['0.1235']])
  })

  it.each(['scores', 'tests', 'settings', 'costs', 'hyperparameters', 'data', 'reproducibility', 'runs'])(
    'has a table of %s',
    async (name) => {
      const [block] = await blocksOf(`table('${name}', group('rates'))`)
      expect(
        block?.kind === 'table' ? block.rows.length : block?.kind === 'facts' ? block.facts.length : 0,
      ).toBeGreaterThan(0)
    },
  )

  it.each(['scores', 'curves', 'roc', 'map', 'confusion-matrix'])('draws %s', async (name) => {
    const of = name === 'confusion-matrix' ? CELL : "group('rates')"
    const [block] = await blocksOf(`figure('${name}', ${of}, { width: 0.5 })`)
    expect(block).toMatchObject({ kind: 'figure', width: 0.5, picture: { svg: expect.stringContaining('<svg') } })
  })

  it.each([
    ["table('score', group('rates'))", /no table "score"; did you mean "scores"/],
    ["table('scores')", /says not what it is about/],
    ["table('scores', group('rates'), { metric: 'x' })", /no option "metric"; did you mean "metrics"/],
    ["table('pivot', group('rates'), { rows: 'depth' })", /no axis "depth"/],
    ["figure('curve', group('rates'))", /did you mean "curves"/],
    ["figure('nowhere.png')", /no picture nowhere\.png/],
    ["figure('curves', group('rates'), { width: 2 })", /width is 2/],
    ["gallery(figure('curves', group('rates')))", /takes a list/],
    ["figure('calibration', group('rates'))", /no figure "calibration"/],
  ])('%s is refused', async (expression, message) => {
    await expect(evaluate(expression, openRecords(runs))).rejects.toThrow(message)
  })
})

it('gives tables of scores whatever else was made of the same groups before', async () => {
  const records = openRecords(runs)
  await evaluate("table('costs', group('rates'))", records)
  const found = await evaluate("table('scores', group('rates'))", records)
  const tables = found.kind === 'blocks' ? found.blocks.filter((block) => block.kind === 'table') : []
  expect(tables[0]?.columns.map(({ title }) => title)).toContain('value')
})

it('cuts an interval at what its metric can reach, as tables do', async () => {
  // 95 % and 99.9 % over two seeds: Student's interval of the mean goes far beyond 1.
  await write('sure', 0.1, 0, 0.95)
  await write('sure', 0.1, 1, 0.999)
  const found = await evaluate("group('sure').test.accuracy.high", openRecords(runs))
  expect(found.kind === 'value' && [found.value.value, found.value.source]).toEqual([
    1,
    expect.stringContaining('upper end'),
  ])
})
