import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { Table } from '../table/table.ts'
import { literal, withDuckDb } from './connect.ts'
import { querySql, readJson, readParquet } from './readTable.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-table-'))
})
afterAll(() => rm(folder, { recursive: true }))

const ROWS = `(VALUES
  (1, 2.5::DOUBLE, true, DATE '1970-01-02', TIMESTAMP '1970-01-01 12:00:00', TIME '06:00:00', 'x', 9007199254740993, 1.25::DECIMAL(5, 2), [1, 2]),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL)) AS v(i, d, b, da, ts, ti, s, big, de, list)`

it('reads the types of Parquet', async () => {
  const path = join(folder, "it's.parquet")
  await withDuckDb((connection) => connection.run(`COPY (SELECT * FROM ${ROWS}) TO ${literal(path)} (FORMAT PARQUET)`))
  const table = await readParquet(path)
  expect(table.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    ...['i integer', 'd number', 'b boolean', 'da date', 'ts date', 'ti number', 's text'],
    // Beyond float64's whole numbers.
    ...['big text', 'de number', 'list text'],
  ])
  expect(
    table.columns.map((column) =>
      column.type === 'text' ? column.categories[column.codes[0] ?? -1] : column.values[0],
    ),
  ).toEqual([...[1, 2.5, 1, 1, 0.5, 0.25, 'x', '9007199254740993', 1.25, '[1, 2]']])
  expect(table.describe().map(({ missing }) => missing)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 1])
})

it('reads JSON, a list or a line each; what is nested is text', async () => {
  const rows = [
    { a: 1, b: 'x', c: { d: 2 } },
    { a: 2.5, c: null },
  ]
  const expected = 'a: number, b: text, c: text'
  for (const [name, content] of [
    ['list.json', JSON.stringify(rows)],
    ['lines.ndjson', rows.map((row) => JSON.stringify(row)).join('\n')],
  ] as const) {
    await writeFile(join(folder, name), content)
    const table = await readJson(join(folder, name))
    expect(table.columns.map((column) => `${column.name}: ${column.type}`).join(', ')).toBe(expected)
    expect(String(table)).toContain("{'d': 2}")
    expect(table.describe()[1]).toMatchObject({ missing: 1, commonest: { text: 'x', count: 1 } })
  }
})

const people = Table.of({
  id: [1, 2, 3],
  city: ['Rome', 'Oslo', null],
  born: [new Date(Date.UTC(2000, 0, 1, 6)), null, new Date(Date.UTC(1960, 5, 5))],
  member: [true, null, false],
  'tall "er"': [1.5, Number.NaN, 2],
})

it('gives back what SQL was given, types and missing values included', async () => {
  const back = await querySql('SELECT * FROM people ORDER BY id', { people })
  expect(back.columns).toEqual(people.columns)
})

it('joins and groups tables', async () => {
  const visits = Table.of({ person: [1, 1, 3], cost: [2, 3.5, 1] })
  const joined = await querySql(
    'SELECT city, sum(cost) AS spent, count(*) AS visits FROM people JOIN visits ON person = id GROUP BY ALL ORDER BY spent DESC;',
    { people, visits },
  )
  expect(String(joined)).toBe('city  spent  visits\nRome    5.5       2\n·         1       1')
})

it('registers tables longer than one chunk', async () => {
  const long = Table.of({
    x: Array.from({ length: 5000 }, (_, i) => i),
    t: Array.from({ length: 5000 }, (_, i) => `t${i % 7}`),
  })
  const [row] = (
    await querySql('SELECT sum(x)::BIGINT AS total, count(DISTINCT t) AS kinds FROM long', { long })
  ).describe()
  expect(row).toMatchObject({ name: 'total', max: 12497500 })
})

test.each<[string, () => Promise<unknown>, string | RegExp]>([
  [
    'a query that is wrong',
    () => querySql('SELECT x FROM nowhere'),
    /^the query cannot be run \(.*nowhere.*\): mend SELECT x FROM nowhere$/,
  ],
  ['no file', () => readParquet(join(folder, 'none.parquet')), 'there is no file'],
  [
    'a file of another kind',
    async () => {
      const path = join(folder, 'bad.parquet')
      await writeFile(path, 'text')
      return readParquet(path)
    },
    /bad\.parquet cannot be read \(.*\): give another file/,
  ],
  [
    'JSON that is broken',
    async () => {
      const path = join(folder, 'bad.json')
      await writeFile(path, '[{"a": 1}, {]')
      return readJson(path)
    },
    /bad\.json cannot be read \(.*\): give another file/,
  ],
  [
    'what would have to be downloaded',
    () => querySql("SELECT * FROM 'https://localhost/x.csv'"),
    'the query cannot be run',
  ],
])('refuses %s', async (_, use, message) => {
  const failure = use()
  await expect(failure).rejects.toThrow(UsageError)
  await expect(failure).rejects.toThrow(message)
})
