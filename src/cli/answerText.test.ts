import { describe, expect, it } from 'vitest'
import type { Answer } from '../runs/index.ts'
import { answerCsv, answerTable } from './answerText.ts'

const answer = (changes: Partial<Answer> = {}): Answer => ({
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'n', type: 'BIGINT' },
    { name: 'mean', type: 'DOUBLE' },
    { name: 'p', type: 'FLOAT[]' },
  ],
  rows: [
    ['a "b", c', 12, 0.123456789, [0.25, null]],
    [null, 3, Number.NaN, null],
  ],
  rowCount: 2,
  leftOut: [],
  ...changes,
})
// biome-ignore lint/suspicious/noControlCharactersInRegex: those of a terminal's colours
const plain = (text: string): string[] => text.replace(/\u001b\[\d+m/g, '').split('\n')

describe('a table', () => {
  it('has numbers to the right, short, and nothing for NULL', () => {
    expect(plain(answerTable(answer())).map((line) => line.trimEnd())).toEqual([
      'id         n      mean  p',
      'a "b", c  12  0.123457  [0.25, ]',
      '           3       NaN',
    ])
  })

  it('tells how many rows it lacks, and that there are none', () => {
    expect(plain(answerTable(answer({ rowCount: 5002 }))).at(-1)).toBe('… and 5,000 more rows')
    expect(plain(answerTable(answer({ rowCount: 3 }))).at(-1)).toBe('… and 1 more row')
    expect(plain(answerTable(answer({ rows: [], rowCount: 0 }))).at(-1)).toBe('(no rows)')
  })

  it('cuts long texts and keeps lines whole', () => {
    const [, line = ''] = plain(answerTable(answer({ rows: [[`x\n${'y'.repeat(90)}`, 1, 1, null]] })))
    expect(line).toContain(`x ${'y'.repeat(45)}…`)
  })
})

it('CSV has everything in full, quoted where it must be', () => {
  expect(answerCsv(answer())).toBe('id,n,mean,p\n"a ""b"", c",12,0.123456789,"[0.25,null]"\n,3,NaN,\n')
})
