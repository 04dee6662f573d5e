import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import type { Manifest } from '../manifest.ts'
import { writePredictions } from '../predictions.ts'
import type { MetricRecord } from '../records.ts'
import { queryRuns } from './query.ts'
import { views } from './views.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-query-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (id: string, records: readonly MetricRecord[] = [], changes: Partial<Manifest> = {}): string =>
  writeRunFolder(root, finishedManifest(id, changes), records)
const rowsOf = async (sql: string) => (await queryRuns(root, sql)).rows
const test = (value: number, name = 'accuracy'): MetricRecord => recordOf(5, 'test', name, value)

/** Two samples of three classes, the second wrong. */
const writeClasses = (folder: string): Promise<void> =>
  writePredictions(join(folder, 'predictions.parquet'), {
    task: 'classification',
    index: Int32Array.of(0, 1),
    label: Int32Array.of(2, 0),
    predicted: Int32Array.of(2, 1),
    probabilities: Float32Array.of(0.25, 0.25, 0.5, 0.125, 0.75, 0.125),
    classCount: 3,
  })

describe('runs', () => {
  it('has what made each run', async () => {
    const experiment = {
      ...{ batchSize: 64, epochs: 5, loss: { kind: 'crossEntropy' } },
      ...{ optimizer: { kind: 'adam', lr: 0.01 }, schedule: { kind: 'cosine' } },
    }
    write('a', [], {
      ...{ experiment, seed: 3, grid: { name: 'rates', labels: { lr: '0.01' } }, overrides: [['epochs', 5]] },
      code: { commit: 'abc', dirty: 'c0ffee00' },
    })
    const [row] = await rowsOf(`
      SELECT id, name, status, seed, created::VARCHAR, seconds, epochs, batch_size, lr, optimizer, schedule, loss_function, parameters,
        data, train_size, labels->>'lr', overrides->>'$[0][0]', commit, uncommitted, diverged, experiment->>'$.optimizer.kind'
      FROM runs`)
    expect(row).toEqual([
      ...[
        'a',
        'MNIST ConvNet',
        'finished',
        3,
        '2026-11-21 10:15:02',
        90,
        5,
        64,
        0.01,
        'adam',
        'cosine',
        'crossEntropy',
      ],
      ...[84_097, 'mnist', 50_000, '0.01', 'epochs', 'abc', true, false, 'adam'],
    ])
  })

  it('has NULL for what a run does not tell, and groups runs that differ in their seeds', async () => {
    write('a', [], { seed: 1, experiment: { batchSize: 1, seeds: [1, 2] }, code: {} })
    write('b', [], { seed: 2, experiment: { batchSize: 1, seeds: [1, 2] }, code: {} })
    write('c', [], { seed: 2, experiment: { batchSize: 2 }, code: {} })
    expect(await rowsOf('SELECT lr, grid, labels, commit, uncommitted, error, classes FROM runs LIMIT 1')).toEqual([
      [null, null, null, null, null, null, null],
    ])
    expect(await rowsOf('SELECT list(id ORDER BY id) FROM runs GROUP BY group_id ORDER BY 1')).toEqual([
      [['a', 'b']],
      [['c']],
    ])
  })

  it('is read without a look at any log', async () => {
    rmSync(join(write('a'), 'metrics.jsonl'))
    const { rows, leftOut } = await queryRuns(root, 'SELECT id FROM runs')
    expect([rows, leftOut]).toEqual([[['a']], []])
  })
})

describe('metrics and summary', () => {
  it('have real NaN and infinities', async () => {
    write('a', [
      recordOf(1, 'train', 'loss', Number.NaN),
      recordOf(2, 'train', 'loss', Number.POSITIVE_INFINITY),
      recordOf(3, 'train', 'loss', Number.NEGATIVE_INFINITY),
    ])
    const { rows, columns } = await queryRuns(root, 'SELECT * FROM metrics ORDER BY step')
    expect(columns.map(({ name }) => name)).toEqual(['run', 'split', 'metric', 'step', 'epoch', 'value', 'time'])
    expect(rows).toEqual([
      ['a', 'train', 'loss', 100, 1, Number.NaN, 2.5],
      ['a', 'train', 'loss', 200, 2, Number.POSITIVE_INFINITY, 5],
      ['a', 'train', 'loss', 300, 3, Number.NEGATIVE_INFINITY, 7.5],
    ])
    expect(await rowsOf('SELECT run, metric, goal, best, best_epoch, last FROM summary')).toEqual([
      ['a', 'loss', 'min', Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY],
    ])
    expect(await rowsOf('SELECT count(*) FROM metrics WHERE isnan(value)')).toEqual([[1]])
  })

  it('take a torn last line for what it is, and leave out a log with a hole', async () => {
    const torn = write('torn', [test(0.5)])
    appendFileSync(join(torn, 'metrics.jsonl'), '{"step":600,"epo')
    const holed = write('holed', [test(0.6)])
    appendFileSync(join(holed, 'metrics.jsonl'), '{"step":600,"epo\n{"step":601}\n')
    rmSync(join(holed, 'summary.json'))
    rmSync(join(write('bare'), 'metrics.jsonl'))
    write('whole', [test(0.7)])
    const metrics = await queryRuns(root, 'SELECT run, value FROM metrics ORDER BY run')
    expect(metrics.rows).toEqual([
      ['torn', 0.5],
      ['whole', 0.7],
    ])
    expect(metrics.leftOut.map(({ folder }) => folder)).toEqual([join(root, 'bare'), holed])
    expect(metrics.leftOut.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('is not there'),
      expect.stringContaining('line 2 of'),
    ])
    const summary = await queryRuns(root, 'SELECT run, last FROM summary ORDER BY run')
    expect(summary.rows).toEqual([
      ['torn', 0.5],
      ['whole', 0.7],
    ])
    expect(summary.leftOut).toEqual([{ folder: holed, reason: expect.stringContaining('line 2 of') }])
  })

  it('leave out a log that is no text', async () => {
    writeFileSync(
      join(write('noise'), 'metrics.jsonl'),
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 37) % 256),
    )
    write('whole', [test(0.7)])
    const { rows, leftOut } = await queryRuns(root, 'FROM metrics SELECT run')
    expect(rows).toEqual([['whole']])
    expect(leftOut).toHaveLength(1)
  })
})

it('seeds has mean and deviation over the seeds that finished, the newest run of each', async () => {
  const experiment = { batchSize: 64, seeds: [0, 1, 2] }
  for (const [seed, value] of [0.9, 0.8, 0.7].entries())
    write(`s${seed}`, [recordOf(1, 'test', 'accuracy', value + 0.1), test(value)], { seed, experiment })
  write('older', [test(0.1)], { seed: 0, experiment, createdAt: '2026-11-20T10:15:02.000Z' })
  write('failed', [test(0.2)], { seed: 3, experiment, status: 'failed' })
  write('single', [test(Number.NaN), test(0.5, 'loss')], { experiment: { batchSize: 8 } })
  const rows = await rowsOf(
    'SELECT name, split, metric, n, round(mean, 9), round(sd, 9), "min", "max", round(best_mean, 9), runs FROM seeds ORDER BY n DESC, metric',
  )
  expect(rows).toEqual([
    ['MNIST ConvNet', 'test', 'accuracy', 3, 0.8, 0.1, 0.7, 0.9, 0.9, ['s0', 's1', 's2']],
    ['MNIST ConvNet', 'test', 'accuracy', 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN, ['single']],
    ['MNIST ConvNet', 'test', 'loss', 1, 0.5, null, 0.5, 0.5, 0.5, ['single']],
  ])
})

describe('predictions', () => {
  it('of classifiers and of regressions stand side by side', async () => {
    await writeClasses(write('classes'))
    await writePredictions(join(write('values'), 'predictions.parquet'), {
      ...{ task: 'regression', index: Int32Array.of(0), width: 2 },
      ...{ targets: Float32Array.of(1, 2), outputs: Float32Array.of(1.5, 2.5) },
    })
    write('unfinished')
    expect(await rowsOf('SELECT * FROM predictions ORDER BY run, "index"')).toEqual([
      ['classes', 0, 2, 2, 0.5, [0.25, 0.25, 0.5], null, null],
      ['classes', 1, 0, 1, 0.75, [0.125, 0.75, 0.125], null, null],
      ['values', 0, null, null, null, null, [1, 2], [1.5, 2.5]],
    ])
  })

  it.each(['its end', 'its middle'])('leaves out a file that is damaged at %s', async (where) => {
    await writeClasses(write('whole'))
    const folder = write('damaged')
    const path = join(folder, 'predictions.parquet')
    await writePredictions(path, {
      ...{ task: 'regression', index: Int32Array.from({ length: 5000 }, (_, i) => i), width: 1 },
      targets: Float32Array.from({ length: 5000 }, (_, i) => Math.sin(i)),
      outputs: Float32Array.from({ length: 5000 }, (_, i) => Math.cos(i)),
    })
    const { size } = await stat(path)
    if (where === 'its end') truncateSync(path, size - 100)
    else writeFileSync(path, (await readFile(path)).fill(7, 4, size - 2000))
    const { rows, leftOut } = await queryRuns(
      root,
      'SELECT run, count(*), sum(output[1]) FROM predictions GROUP BY run',
    )
    expect(rows).toEqual([['whole', 2, null]])
    expect(leftOut).toEqual([{ folder, reason: expect.stringContaining('predictions.parquet is damaged') }])
  })
})

it('reports a damaged run, and answers with the others', async () => {
  write('whole')
  writeFileSync(join(write('damaged'), 'manifest.json'), '{"version": 1, "id"')
  const { rows, leftOut } = await queryRuns(root, 'SELECT id FROM runs')
  expect(rows).toEqual([['whole']])
  expect(leftOut).toEqual([{ folder: join(root, 'damaged'), reason: expect.stringContaining('is not JSON') }])
})

it('reads what a statement names in whatever way', async () => {
  await writeClasses(write('a', [test(0.5)]))
  const counts = [
    'WITH runs AS (FROM main.runs) SELECT count(*) FROM runs',
    'SELECT count(*) FROM summary JOIN metrics USING (run, split, metric)',
    'SELECT count(*) FROM RUNS WHERE EXISTS (FROM "Seeds")',
    "SELECT count(*) FROM query('FROM ' || 'metrics')",
    "SELECT count(*) FROM query_table('summary')",
    'SELECT (SELECT count(*) FROM memory.main.seeds)',
    'SELECT count(*) FROM (PIVOT metrics ON metric IN (accuracy) USING any_value(value) GROUP BY run)',
  ]
  for (const sql of counts) expect([sql, await rowsOf(sql)]).toEqual([sql, [[1]]])
})

it('answers of an empty folder, and refuses one that is not there', async () => {
  for (const { name } of views) expect(await rowsOf(`FROM ${name}`)).toEqual([])
  expect(await queryRuns(root, 'FROM runs')).toMatchObject({ rows: [], runCount: 0 })
  const nowhere = join(root, 'nowhere')
  await expect(queryRuns(nowhere, 'FROM runs')).rejects.toThrow(`there is no folder ${nowhere}`)
  expect((await queryRuns(nowhere, 'SELECT 1')).rows).toEqual([[1]])
})

it('documents every view as it is', async () => {
  await writeClasses(write('a', [test(0.5)]))
  for (const { name, columns } of views) {
    const described = await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE ${name})`)
    expect([name, described]).toEqual([name, columns.map((column) => [column.name, column.type])])
    const [filled] = await rowsOf(`SELECT count(*) > 0 FROM ${name}`)
    expect([name, filled]).toEqual([name, [true]])
  }
})

it('hands out as many rows as are asked for, and counts all', async () => {
  const { rows, rowCount } = await queryRuns(root, 'SELECT * FROM range(5000)', { limit: 2 })
  expect([rows, rowCount]).toEqual([[[0], [1]], 5000])
})

it('gives plain data', async () => {
  const sql = `SELECT 1::HUGEINT, 9007199254740993, 1.25, DATE '2026-01-02', {'a': [1, NULL]}, true, 'x', INTERVAL 1 DAY`
  expect(await rowsOf(sql)).toEqual([[1, '9007199254740993', 1.25, '2026-01-02', { a: [1, null] }, true, 'x', '1 day']])
})

describe('a statement', () => {
  it.each([
    ['SELECT nope FROM runs', /"nope" not found.*LINE 1/s],
    ['SELEC 1', /syntax error at or near "SELEC"/],
    ['SELECT 1; SELECT 2', /2 statements/],
    [' -- nothing\n', /empty/],
    ["SELECT 'a'::INTEGER", /Could not convert string 'a'/],
    ['CREATE TABLE t (i INTEGER)', /CREATE statement, and runs are only read/],
    ['DROP VIEW runs', /DROP statement/],
    ['INSERT INTO runs (id) VALUES (1)', /INSERT|not an table|Can only insert/i],
    ['SET threads = 1', /SET statement|locked/],
    ['EXPLAIN ANALYZE FROM runs', /EXPLAIN statement/],
    ['SELECT $1', /parameter/i],
  ])('%s is refused', async (sql, message) => {
    const refused = expect(queryRuns(root, sql)).rejects
    await refused.toThrow(message)
    await expect(queryRuns(root, sql)).rejects.toMatchObject({ name: 'UsageError' })
  })

  it('reads no files but the runs’, and writes none', async () => {
    write('a', [test(0.5)])
    const outside = mkdtempSync(join(tmpdir(), 'assay-outside-'))
    try {
      writeFileSync(join(outside, 'secret.txt'), 'x')
      await expect(queryRuns(root, `FROM read_text('${outside}/secret.txt')`)).rejects.toThrow(/Permission|disabled/)
      await expect(queryRuns(root, `COPY (SELECT 1) TO '${outside}/new.csv'`)).rejects.toThrow(/disabled|COPY/)
      await expect(queryRuns(root, `COPY (SELECT 1) TO '${root}/new.csv'`)).rejects.toThrow(/COPY statement/)
      await expect(queryRuns(root, `EXPLAIN ANALYZE COPY (SELECT 1) TO '${root}/new.csv'`)).rejects.toThrow(/EXPLAIN/)
      expect(await stat(join(root, 'new.csv')).catch(() => 'absent')).toBe('absent')
      expect(await rowsOf(`SELECT count(*) FROM read_text('${root}/*/manifest.json')`)).toEqual([[1]])
    } finally {
      rmSync(outside, { recursive: true })
    }
  })
})
