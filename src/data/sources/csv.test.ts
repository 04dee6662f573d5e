import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { LoadProgress } from '../dataset.ts'
import { groupedHoldOut } from '../splits/index.ts'
import { featureNames } from '../table/encoding.ts'
import { csv } from './csv.ts'
import { json, parquet, sql } from './tables.ts'

let folder = ''
const file = (name: string): string => join(folder, name)
const rows = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i
    return `${n % 4 === 0 ? 'yes' : 'no'},p${n >> 1},${n % 9 === 4 ? '' : n + 0.5},${['red', 'green', 'blue'][n % 3]},${2000 + n}-01-01\n`
  }).join('')
const HEADER = 'ill,patient,dose,colour,day\n'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-source-'))
  await writeFile(file('train.csv'), `${HEADER}${rows(0, 40)}no,p1\n`)
  // Other order of columns, whole numbers where training has fractions, semicolons and decimal commas.
  await writeFile(file('test.csv'), 'colour;dose;patient;day;ill\nred;1;q;2001-01-01;no\nblue;2,5;q;2002-01-01;yes\n')
})
afterAll(() => rm(folder, { recursive: true }))

describe('csv', () => {
  it('makes samples of rows, and lists what is broken', async () => {
    const source = csv(file('train.csv'), { target: 'ill', columns: ['patient', 'day'] })
    const { train, test: tested, leftOut } = await source.load()
    expect([train.length, tested.length]).toEqual([40, 0])
    expect(train.encoding && featureNames(train.encoding)).toEqual([
      'dose',
      'colour=blue',
      'colour=green',
      'colour=red',
    ])
    expect(train.targets).toMatchObject({ task: 'classification', classes: ['no', 'yes'] })
    expect(train.columns?.map(({ name, type }) => `${name} ${type}`)).toEqual(['patient text', 'day date'])
    expect(leftOut).toEqual([{ item: `line 42 of ${file('train.csv')}`, reason: '2 cells for 5 columns' }])
    expect(source.config).toEqual({ path: file('train.csv'), target: 'ill', columns: ['patient', 'day'] })
  })

  it('tests on another file, read in the training file’s types', async () => {
    const { train, test: tested } = await csv(file('train.csv'), {
      target: 'ill',
      features: ['dose', 'colour'],
      test: file('test.csv'),
    }).load()
    expect(train.length).toBe(40)
    expect('data' in tested.inputs && [...tested.inputs.data]).toEqual([1, 0, 0, 1, 2.5, 1, 0, 0])
    expect(tested.targets).toMatchObject({ labels: Int32Array.of(0, 1) })
  })

  it('tests on a share, and describes a strategy as plain data', async () => {
    const source = csv(file('train.csv'), {
      target: 'ill',
      columns: ['patient'],
      test: groupedHoldOut({ by: 'patient', validation: 0.2 }),
    })
    expect(JSON.parse(JSON.stringify(source.config)).test).toEqual({
      kind: 'groupedHoldOut',
      by: 'patient',
      validation: 0.2,
    })
    const { train, test: tested } = await source.load()
    expect([train.length, tested.length]).toEqual([32, 8])
  })

  it('depends on the content alone: neither on the file’s name nor on columns that are not used', async () => {
    await writeFile(file('renamed.csv'), `${HEADER.trim()},note\n${rows(0, 40).replaceAll('\n', ',text\n')}`)
    const options = { target: 'ill', features: ['dose', 'colour'], test: 0.25 }
    const [a, b] = [await csv(file('train.csv'), options).load(), await csv(file('renamed.csv'), options).load()]
    expect(b.train.fingerprint).toBe(a.train.fingerprint)
    expect(b.test.fingerprint).toBe(a.test.fingerprint)
  })

  it('does not look at columns that nobody asked for', async () => {
    await writeFile(
      file('odd.csv'),
      `a,b,y\n${Array.from({ length: 30 }, (_, i) => `${i},${i === 5 ? 'x' : i},${i / 2}\n`).join('')}`,
    )
    expect((await csv(file('odd.csv'), { target: 'y', features: ['a'] }).load()).train.length).toBe(30)
    expect((await csv(file('odd.csv'), { target: 'y' }).load()).train.length).toBe(29)
  })

  it('tells how far it is', async () => {
    await writeFile(file('long.csv'), `a,y\n${Array.from({ length: 250_000 }, (_, i) => `${i},${i % 2}\n`).join('')}`)
    const told: LoadProgress[] = []
    await csv(file('long.csv'), { target: 'y' }).load({ onProgress: (progress) => told.push(progress) })
    expect(told.map(({ what, unit, total }) => `${what} ${unit} ${total}`)).toEqual([
      'reading long.csv rows 250000',
      'reading long.csv rows 250000',
    ])
  })

  test.each<[string, () => ReturnType<typeof csv>, RegExp]>([
    ['a misspelt target', () => csv(file('train.csv'), { target: 'Ill' }), /has no column "Ill"; did you mean "ill"\?/],
    [
      'a misspelt feature',
      () => csv(file('train.csv'), { target: 'ill', features: ['dosis'] }),
      /has no column "dosis"; did you mean "dose"\? It has ill, patient/,
    ],
    [
      'a test file that is not there',
      () => csv(file('train.csv'), { target: 'ill', test: file('none.csv') }),
      /^there is no file \S+none\.csv/,
    ],
    [
      'the same file to test on',
      () => csv(file('train.csv'), { target: 'ill', test: file('train.csv') }),
      /is the training data and the test data/,
    ],
    [
      'a test file without a column',
      () => csv(file('train.csv'), { target: 'ill', features: ['dose'], columns: ['day'], test: file('short.csv') }),
      /short\.csv has no column "dose"/,
    ],
  ])('refuses %s at loading', async (_, source, message) => {
    await writeFile(file('short.csv'), 'ill,doses\nno,1\n')
    await expect(source().load()).rejects.toThrow(UsageError)
    await expect(source().load()).rejects.toThrow(message)
  })

  test.each<[string, object, string]>([
    ['no target', {}, 'csv: target is undefined'],
    ['an unknown option', { target: 'a', targets: 'b' }, 'csv: no option "targets"; the options are target, task,'],
    [
      'an encoding that is none',
      { target: 'a', encode: { b: 'onehot' } },
      "csv: encode.b is \"onehot\": give 'number', 'oneHot'",
    ],
    [
      'folds to test on',
      { target: 'a', test: { divide: () => [], fold: () => {} } },
      'give a file, a share or count of rows, or a strategy',
    ],
  ])('refuses %s at once', (_, options, message) => {
    expect(() => Reflect.apply(csv, undefined, ['x.csv', options])).toThrow(message)
  })
})

it('parquet, json and sql make the same samples', async () => {
  const from = `SELECT * FROM read_csv('${file('train.csv')}', ignore_errors = true, types = {'ill': 'VARCHAR'})`
  const { withDuckDb } = await import('../duckdb/connect.ts')
  await withDuckDb(async (connection) => {
    await connection.run(`COPY (${from}) TO '${file('train.parquet')}' (FORMAT PARQUET)`)
    await connection.run(`COPY (${from}) TO '${file('train.json')}' (FORMAT JSON)`)
  })
  const options = { target: 'ill', features: ['dose', 'colour', 'day'], test: 0.25 }
  const { train } = await csv(file('train.csv'), options).load()
  for (const source of [
    parquet(file('train.parquet'), options),
    json(file('train.json'), options),
    sql(`SELECT * FROM '${file('train.parquet')}'`, options),
  ])
    expect((await source.load()).train.fingerprint).toBe(train.fingerprint)
})
