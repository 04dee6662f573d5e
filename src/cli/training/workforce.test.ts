import { describe, expect, it } from 'vitest'
import { workforce } from './workforce.ts'

const GB = 2 ** 30

describe('workforce', () => {
  it('gives one training the whole machine', () => {
    expect(workforce(1, {}, { cores: 8, memory: 64 * GB })).toEqual({ jobs: 1 })
  })
  it('shares cores among several, no more than there is memory for', () => {
    expect(workforce(10, {}, { cores: 8, memory: 64 * GB })).toEqual({ jobs: 8, threads: 1 })
    expect(workforce(3, {}, { cores: 8, memory: 64 * GB })).toEqual({ jobs: 3, threads: 2 })
    expect(workforce(10, {}, { cores: 8, memory: 5 * GB })).toEqual({ jobs: 2, threads: 4 })
    expect(workforce(10, {}, { cores: 8, memory: GB })).toEqual({ jobs: 1 })
  })
  it('does as it is told', () => {
    expect(workforce(10, { jobs: 4, threads: 3 }, { cores: 2, memory: GB })).toEqual({ jobs: 4, threads: 3 })
    expect(workforce(10, { jobs: 1, threads: 1 }, { cores: 2, memory: GB })).toEqual({ jobs: 1, threads: 1 })
    expect(workforce(2, { jobs: 16 }, { cores: 4, memory: GB })).toEqual({ jobs: 2, threads: 2 })
  })
})
