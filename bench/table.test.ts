import { expect, it } from 'vitest'
import type { EpochResult, Result, ResultStanding } from './results.ts'
import { epochTable, markdownTable } from './table.ts'

const standing = (peer: string, median: number, ratio: number, more: Partial<ResultStanding> = {}): ResultStanding => ({
  ...{ peer, title: peer, version: '1', threads: 2, median, ratio, gflops: 100, share: 0.5, steps: 30 },
  ...{ losses: [2, 1], peakMemory: 2 ** 30, ...more },
})

const result = (more: Partial<Result>): Result => ({
  ...{ work: 'convnet', title: 'ConvNet', task: 'training', members: 1, batch: 64, date: '2026-01-02T00:00:00Z' },
  machine: { cpu: 'a CPU', cores: 2, node: 'v20' },
  ...{ threads: 2, rounds: 9, parameters: 10, flops: 1e9, peak: 200 },
  standings: [standing('assay', 10, 1), standing('pytorch', 23.4, 2.34)],
  leftOut: [],
  ...more,
})

const rowsOf = (markdown: string): string[] => markdown.split('\n').filter((line) => line.startsWith('|'))

it('has a row a work, in the order of the works, and a column a peer that measured', () => {
  const table = markdownTable([
    result({ batch: 128 }),
    result({}),
    result({ work: 'sin-mlp', title: 'sin MLP', batch: 128, standings: [standing('assay', 0.08, 1)] }),
  ])
  expect(rowsOf(table)).toEqual([
    '| work | batch | Assay 1 | PyTorch 1 | of GEMM |',
    '| --- | ---: | ---: | ---: | ---: |',
    '| sin MLP | 128 | 0.0800 ms | — | 50 % |',
    '| ConvNet | 64 | 10.0 ms | 23.4 ms (2.34) | 50 % |',
    '| ConvNet | 128 | 10.0 ms | 23.4 ms (2.34) | 50 % |',
  ])
})

it('shows a population by model and throughput by second', () => {
  const table = markdownTable([
    result({ work: 'population', task: 'population', members: 64, standings: [standing('assay', 2.048, 1)] }),
    result({ work: 'convnet-inference', task: 'inference', batch: 256 }),
  ])
  expect(rowsOf(table)[2]).toContain('| 0.0320 ms a model |')
  expect(rowsOf(table)[3]).toContain('| 25,600/s | 10,940/s (2.34) |')
})

it('tells the peak memory of the heaviest training, and who was left out and why', () => {
  const leftOut = [{ peer: 'tfjs-wasm', title: 'TensorFlow.js WASM', reason: 'no kernel' }]
  const table = markdownTable([result({ leftOut }), result({ batch: 128, flops: 2e9, leftOut })])
  expect(table).toContain('ConvNet, batch 128: assay 1024 MB, pytorch 1024 MB.')
  expect(table).toContain('- TensorFlow.js WASM: no kernel: ConvNet (batch 64); ConvNet (batch 128)')
})

it('has a row a peer for an epoch, with the accuracy over the seeds', () => {
  const row = (peer: string, median: number, ratio: number | null, accuracies: number[]) => ({
    ...{ peer, title: peer, version: '1', median, ratio, accuracies, peakMemory: 2 ** 30 },
  })
  const epoch: EpochResult = {
    ...{ work: 'convnet', title: 'ConvNet', batch: 64, training: 50_000, validation: 10_000, parameters: 10 },
    ...{ date: '2026-01-02T00:00:00Z', machine: { cpu: 'a CPU', cores: 2, node: 'v20' }, threads: 2, rounds: 3 },
    standings: [row('assay', 8000, 1, [0.98, 0.985, 0.984]), row('pytorch', 12_800, 1.6, [0.983])],
    leftOut: [],
  }
  expect(rowsOf(epochTable(epoch)).slice(2)).toEqual([
    '| assay 1 | 8.0 s | 1.00 | 98.30 % (98.00 to 98.50) | 1024 MB |',
    '| pytorch 1 | 12.8 s | 1.60 | 98.30 % (98.30 to 98.30) | 1024 MB |',
  ])
  expect(epochTable(epoch)).toContain('50,000 samples and 10,000 to validate on: median of 3 rounds')
})
