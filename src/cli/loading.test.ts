import { expect, it } from 'vitest'
import { loadingText } from './loading.ts'

it.each([
  [{ what: 'decoding pets', unit: 'files', done: 1200, total: 7000 }, 'decoding pets: 1,200 of 7,000 files'],
  [{ what: 'fetching a.gz', unit: 'bytes', done: 1_234_567, total: 26_421_880 }, 'fetching a.gz: 1.2 of 26.4 MB'],
  [{ what: 'fetching a.gz', unit: 'bytes', done: 2_000_000 }, 'fetching a.gz: 2.0 MB'],
] as const)('says %j', (progress, text) => {
  expect(loadingText(progress)).toBe(text)
})
