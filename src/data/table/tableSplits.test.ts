import { describe, expect, it } from 'vitest'
import { inMemory } from '../dataset.ts'
import { groupedHoldOut, holdOut } from '../splits/index.ts'
import { validateDataset } from '../validate.ts'
import { featureNames } from './encoding.ts'
import { Table } from './table.ts'
import { tableSplits } from './tableSplits.ts'

const numbers = Array.from({ length: 60 }, (_, i) => i)
const table = Table.of(
  {
    x: numbers.map((i) => (i === 7 ? null : i / 2)),
    kind: numbers.map((i) => `k${i % 3}`),
    patient: numbers.map((i) => `p${i >> 2}`),
    ill: numbers.map((i) => (i % 4 === 0 ? 'yes' : 'no')),
  },
  'visits',
)

describe('tableSplits', () => {
  it('holds rows out to test on, by classes, whatever the features are', () => {
    const { train, test } = tableSplits(table, { target: 'ill', test: 0.2 })
    expect([train.length, test.length]).toEqual([48, 12])
    const counts =
      test.targets.task === 'classification' ? test.targets.labels.filter((label) => label === 1).length : -1
    expect(counts).toBe(3)
    const rows = [...(train.rows ?? []), ...(test.rows ?? [])].sort((a, b) => a - b)
    expect(rows).toEqual(numbers.map((i) => i + 1))
    const fewer = tableSplits(table, { target: 'ill', test: 0.2, features: ['kind'] })
    expect(fewer.test.rows).toEqual(test.rows)
    const other = tableSplits(table, { target: 'ill', test: holdOut({ validation: 0.2, seed: 1 }) })
    expect(other.test.rows).not.toEqual(test.rows)
  })

  it('tests on whole groups, which the training split can be divided by again', () => {
    const { train, test } = tableSplits(table, {
      target: 'ill',
      columns: ['patient'],
      test: groupedHoldOut({ by: 'patient', validation: 0.25 }),
    })
    const patients = (of: typeof train) => new Set(Array.from(of.rows ?? [], (row) => `p${(row - 1) >> 2}`))
    for (const patient of patients(test)) expect(patients(train).has(patient)).toBe(false)
    expect(train.encoding && featureNames(train.encoding)).toEqual(['x', 'kind=k0', 'kind=k1', 'kind=k2'])
    const inner = groupedHoldOut({ by: 'patient', validation: 0.25 }).divide(train)
    expect(inner.validation.length + inner.train.length).toBe(train.length)
  })

  it('keeps missing features as such, and drops rows only where asked, and lists them', () => {
    const kept = tableSplits(table, { target: 'ill' })
    expect(kept).not.toHaveProperty('leftOut')
    expect(() => validateDataset(kept.train, 'train')).toThrow(
      'train: missing are x in row 8: fill them in by impute(), first in prepare',
    )
    validateDataset(kept.train, 'train', { missing: true })
    const dropped = tableSplits(table, { target: 'ill', dropMissing: true })
    expect(dropped.leftOut).toEqual([{ item: 'row 8 of visits', reason: 'x is missing' }])
    expect(dropped.train.rows).not.toContain(8)
    validateDataset(dropped.train, 'train')
    expect(tableSplits(table, { target: 'ill', features: ['kind'], dropMissing: true })).not.toHaveProperty('leftOut')
  })

  it('encodes a test table as the training table, and has none where none is given', () => {
    const fresh = Table.of({ x: [100], kind: ['k1'], patient: ['new'], ill: ['no'] }, 'fresh')
    const { train, test } = tableSplits(table, { target: 'ill', columns: ['patient'] }, fresh)
    expect(train.length).toBe(60)
    expect([...inMemory(test).inputs.data]).toEqual([100, 0, 1, 0])
    expect(test.targets).toMatchObject({ labels: Int32Array.of(0), classes: ['no', 'yes'] })
    expect(tableSplits(table, { target: 'ill' }).test.length).toBe(0)
    const strange = Table.of({ x: [1], kind: ['k9'], ill: ['no'] }, 'strange')
    expect(() => tableSplits(table, { target: 'ill', features: ['x', 'kind'] }, strange)).toThrow(
      'strange: kind is "k9" in row 1',
    )
  })

  it('refuses to drop every row', () => {
    const empty = Table.of({ x: [null, null], y: [1.5, 2] }, 'empty')
    expect(() => tableSplits(empty, { target: 'y', dropMissing: ['x'] })).toThrow(
      'empty: no row has a value in all of x',
    )
  })

  it('fingerprints columns and feature names too', () => {
    const print = (of: Table, columns: readonly string[] = []) =>
      tableSplits(of, { target: 'ill', columns }).train.fingerprint
    const renamed = new Table(
      'other',
      table.columns.map((column) => (column.name === 'x' ? { ...column, name: 'z' } : column)),
    )
    expect(print(renamed)).not.toBe(print(table))
    expect(print(new Table('renamed', table.columns))).toBe(print(table))
    const patients = new Table(
      'other',
      table.columns.map((one) =>
        one.type === 'text' && one.name === 'patient' ? { ...one, codes: one.codes.toReversed() } : one,
      ),
    )
    expect(print(patients, ['patient'])).not.toBe(print(table, ['patient']))
  })
})
