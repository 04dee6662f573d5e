import { expect, it } from 'vitest'
import { amounts } from './loading.ts'

it.each([
  [{ unit: 'files', done: 1200, total: 7000 }, undefined, '1,200 of 7,000 files'],
  [{ unit: 'files', done: 1200, total: 7000 }, 340.4, '1,200 of 7,000 files (340 a second)'],
  [{ unit: 'bytes', done: 1_234_567, total: 26_421_880 }, 2.04e6, '1.2 of 26.4 MB (2.0 MB a second)'],
  [{ unit: 'bytes', done: 2_000_000 }, Number.NaN, '2.0 MB'],
] as const)('says %j at %s', (progress, rate, text) => {
  expect(amounts(progress, rate)).toBe(text)
})
