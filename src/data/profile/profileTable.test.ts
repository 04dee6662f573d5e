import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { Table } from '../table/table.ts'
import { profileTable, strongestPairs } from './index.ts'

const people = Table.of(
  {
    age: [20, 30, null, 50, 60, 20],
    income: [2, 3, 4, 5, 600, 2],
    size: ['10', 'M', '12', null, 'L', '10'],
    member: [true, false, true, true, null, true],
    born: [0, 1, 2, 3, 4, 0].map((day) => new Date(day * 86_400_000)),
    constant: [7, 7, 7, 7, 7, 7],
    label: ['a', 'b', 'a', 'b', 'a', 'b'],
  },
  'people.csv',
)

describe('profileTable', () => {
  it('describes numbers, dates, truth values and texts', async () => {
    const { splits } = await profileTable(people)
    const [age, income, size, member, born, constant] = splits[0]?.fields ?? []
    expect(age).toMatchObject({
      kind: 'number',
      type: 'integer',
      count: 5,
      missing: 1,
      unique: 4,
      mean: 36,
      median: 30,
    })
    expect(income).toMatchObject({ outliers: { count: 1, low: -1.5, high: 8.5 } })
    expect(size).toMatchObject({ kind: 'text', missing: 1, unique: 4, top: [{ value: '10', count: 2 }, {}, {}, {}] })
    expect(size).toHaveProperty('note', 'mixed: 3 values of 5 (60 %) are numbers, the rest are texts')
    expect(member).toMatchObject({
      kind: 'text',
      type: 'boolean',
      missing: 1,
      unique: 2,
      top: [
        { value: 'true', count: 4 },
        { value: 'false', count: 1 },
      ],
    })
    expect(born).toMatchObject({ kind: 'number', type: 'date', min: 0, max: 4 })
    expect(constant).toMatchObject({ unique: 1, std: 0, histogram: { counts: [6] } })
  })

  it('correlates over the rows that have both', async () => {
    const { correlation } = await profileTable(
      Table.of({ a: [1, 2, 3, null], b: [2, 4, 6, 1], c: [3, 1, 2, 9], d: [1, 1, 1, 1] }),
    )
    expect(correlation && strongestPairs(correlation)[0]).toEqual({ a: 'a', b: 'b', r: 1 })
    expect(correlation?.matrix[0]?.[2]).toBeCloseTo(-0.5, 12)
    expect(correlation?.matrix[3]).toEqual([null, null, null, null])
    // The mean of a hundred times 10/24 is not quite 10/24.
    const constant = Table.of({ a: Array.from({ length: 100 }, (_, i) => i), b: new Array<number>(100).fill(10 / 24) })
    expect((await profileTable(constant)).correlation?.matrix[0]?.[1]).toBeNull()
  })

  it('takes the target for its name and says so, or the one that is asked for', async () => {
    const guessed = await profileTable(people)
    expect(guessed.problem).toMatchObject({
      task: 'classification',
      target: 'label',
      classes: ['a', 'b'],
      guessed: true,
    })
    expect(guessed.splits[0]?.classCounts).toEqual([3, 3])
    expect(guessed.answers[1]?.answer).toContain('was taken as the target for its name')
    const asked = await profileTable(people.select('age', 'income', 'size'), { target: 'income' })
    expect(asked.problem).toMatchObject({ task: 'classification', target: 'income' })
    const number = Table.of({ x: [1, 2, 3], income: [0.5, 1.5, 2.5] })
    expect((await profileTable(number, { target: 'income' })).answers[5]?.answer).toBe(
      'income: 0.5 to 2.5, mean 1.5, standard deviation 0.8165.',
    )
    expect((await profileTable(number)).answers[1]?.answer).toContain('Name it with --target')
    await expect(profileTable(people, { target: 'incom' })).rejects.toThrow('did you mean "income"?')
  })

  it('finds rows that are there twice, under two labels, and in the test rows, whatever the order of categories', async () => {
    const alone = await profileTable(people)
    expect(alone.duplicates).toEqual({
      withinTrain: 1,
      withinTest: 0,
      between: 0,
      conflicting: 1,
      examples: ['row 1 = row 6'],
    })
    const train = Table.of({ name: ['x', 'y', 'z'], n: [0, 1, null] })
    const test = Table.of({ n: [null, 1, -0], name: ['z', 'other', 'x'] })
    const parted = await profileTable(train, { test })
    expect(parted.duplicates).toMatchObject({
      withinTrain: 0,
      between: 2,
      examples: ['train row 3 = test row 1', 'train row 1 = test row 3'],
    })
    await expect(profileTable(train, { test: test.select('n') })).rejects.toThrow(UsageError)
  })

  it('takes for numbers of rows what follows on each other or is called so, not every whole number', async () => {
    const n = 30
    const rows = Array.from({ length: n }, (_, i) => i)
    const advice = (
      await profileTable(
        Table.of({
          row: rows,
          customer_id: rows.map((i) => (i * 7919) % 1009),
          income: rows.map((i) => 1000 + ((i * 7919) % 1009)),
          name: rows.map((i) => `n${i}`),
        }),
      )
    ).answers[7]?.answer
    expect(advice).toContain('Leave out row, customer_id and name: every value is different')
    expect(advice).not.toContain('income')
  })

  it('says of few rows, one class and a label without values what there is to say', async () => {
    const one = await profileTable(Table.of({ a: [1, 2, 3], label: ['x', 'x', 'x'] }))
    expect(one.answers[1]?.answer).toContain('all of label is "x", so there is nothing to tell apart')
    expect(one.answers[6]?.answer).toBe('Not at all: they are too few to be divided. Gather more.')
    const empty = Table.of({ a: [1, 2, 3], label: [null, null, null] })
    expect((await profileTable(empty)).problem).toEqual({ task: 'unknown' })
    await expect(profileTable(empty, { target: 'label' })).rejects.toThrow('the column label is empty')
    const labels = Array.from({ length: 40 }, (_, i) => (i < 38 ? 'often' : 'rare'))
    const rare = await profileTable(Table.of({ a: labels.map((_, i) => i / 7), label: labels }))
    expect(rare.answers[7]?.answer).toContain('1 class has fewer than 5 samples')
    expect(rare.answers[6]?.answer).not.toContain('stratified')
  })

  it('says what to do about what it finds', async () => {
    const advice = (await profileTable(people)).answers[7]?.answer
    for (const text of [
      'Fill or drop what is missing in age, size and member',
      'Repair size',
      'Encode member',
      'Leave out constant: the value never changes',
      '1 copy',
    ])
      expect(advice).toContain(text)
  })
})
