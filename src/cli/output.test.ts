import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { table } from './output.ts'

it('draws columns as wide as what is in them, to the left or to the right', () => {
  const columns = [{ head: 'name' }, { head: 'n', align: 'right' as const }, { head: 'note' }]
  const drawn = table(columns, [['日本', '7', 'x'], ['\u001b[31mred\u001b[39m', '12345', ''], ['only']])
  expect(stripVTControlCharacters(drawn).split('\n')).toEqual([
    'name      n  note',
    '日本      7  x',
    'red   12345',
    'only',
  ])
})
