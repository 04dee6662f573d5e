import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { assertionLine } from './outcome.ts'

it('an assert says what was wanted, what came, and of which cell of a grid', () => {
  const line = (of: Parameters<typeof assertionLine>[0]): string => stripVTControlCharacters(assertionLine(of))
  const reached = { name: 'accuracy', mean: 0.99, seeds: 3, atLeast: 0.98, holds: true }
  expect(line(reached)).toBe('✓ Test accuracy 99.00 %, the mean over 3 seeds; wanted: at least 98.00 %')
  const missed = { name: 'loss', mean: 0.5, seeds: 1, atMost: 0.1, holds: false, cell: 'deep, sinc(5x)' }
  expect(line(missed)).toBe('✗ deep, sinc(5x): test loss 0.5; wanted: at most 0.1: missed')
})
