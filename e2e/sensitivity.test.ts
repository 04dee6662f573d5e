import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import minimalRatio from '../examples/training-dynamics/minimal-ratio.ts'
import modelSizes from '../examples/training-dynamics/model-sizes.ts'
import randomLabels from '../examples/training-dynamics/random-labels.ts'
import sensitivity from '../examples/training-dynamics/sensitivity.ts'
import { cellsOf, prepare, prepareNetwork } from '../src/train/index.ts'
import { assay, fixture, runFolders, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const ok = async (...args: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await assay(folder, ...args, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

const measured = z.object({
  runs: z.array(
    z.object({
      batchSize: z.number(),
      seed: z.number(),
      measures: z.object({ jacobian: z.number(), trace: z.looseObject({ trace: z.number() }) }),
    }),
  ),
  balance: z.object({ choice: z.number(), confidence: z.array(z.object({ share: z.number() })).optional() }),
  findings: z.array(z.object({ name: z.string(), sentence: z.string(), picture: z.string() })),
})

it('assay sensitivity trains, measures, balances, and does none of it twice', async () => {
  const ask = ['sensitivity', fixture('curved.ts'), '--batch-sizes', '8,40', '--samples', '30']
  const first = measured.parse(await ok(...ask, '--seeds', '0,1'))
  expect(first.runs.map(({ batchSize, seed }) => [batchSize, seed])).toEqual([
    [8, 0],
    [8, 1],
    [40, 0],
    [40, 1],
  ])
  for (const { measures } of first.runs) expect(measures.jacobian).toBeGreaterThan(0)
  expect([8, 40]).toContain(first.balance.choice)
  const total = first.balance.confidence?.reduce((sum, { share }) => sum + share, 0)
  expect(total).toBeCloseTo(1, 6)
  expect(first.findings.map(({ name }) => name)).toEqual(['sensitivity', 'sharpness'])
  for (const { picture } of first.findings) expect(existsSync(picture)).toBe(true)

  const runs = await runFolders(folder)
  expect(runs).toHaveLength(4)
  const again = measured.parse(await ok(...ask, '--seeds', '0,1'))
  expect(again).toEqual(first)
  expect(await runFolders(folder)).toEqual(runs)

  const one = measured.parse(await ok(...ask, '--seeds', '0'))
  expect(one.balance.confidence).toBeUndefined()
  expect(one.findings.at(-1)?.sentence).toContain('one seed cannot tell')
}, 240_000)

it('assay inspect curvature tells all eigenvalues of a small network', async () => {
  const small = z.object({ parameters: z.number(), positive: z.number(), zero: z.number(), negative: z.number() })
  const { parameters, positive, zero, negative } = small.parse(await ok('inspect', 'curvature', 'latest'))
  expect(parameters).toBe(22)
  expect(positive + zero + negative).toBe(22)
}, 60_000)

it('assay inspect generalization compares training with test samples of runs that are there', async () => {
  const compared = z.object({
    runs: z.array(z.object({ parameters: z.number(), scores: z.object({ test: z.object({ samples: z.number() }) }) })),
  })
  const { runs } = compared.parse(await ok('inspect', 'generalization', 'curved'))
  expect(runs).toHaveLength(4)
  for (const { parameters, scores } of runs) expect([parameters, scores.test.samples]).toEqual([22, 40])
}, 60_000)

it('assay inspect minimal-ratio keeps what it has computed, and goes on from there', async () => {
  const found = z.object({ findings: z.array(z.object({ rows: z.array(z.object({ seed: z.number() })) })) })
  const ask = ['inspect', 'minimal-ratio', fixture('curved.ts'), '--set', 'epochs=2', '--out', 'ratios']
  const few = found.parse(await ok(...ask, '--count', '2'))
  const more = found.parse(await ok(...ask, '--count', '3'))
  const rows = more.findings[0]?.rows ?? []
  expect(rows.map(({ seed }) => seed)).toEqual([0, 1, 2])
  expect(rows.slice(0, 2)).toEqual(few.findings[0]?.rows)
  expect(await readFile(join(folder, 'ratios/minimal-ratio.txt'), 'utf8')).toContain('Of 3 trainings of 22 parameters')
}, 60_000)

// All that these train takes minutes: here they are only made and checked against the data.
it('the examples have as many sizes, batch sizes and seeds as the homework asks for, and fit their data', async () => {
  expect(minimalRatio.seeds).toHaveLength(100)
  expect(modelSizes.cells.length).toBeGreaterThanOrEqual(10)
  expect(sensitivity.cells.length).toBeGreaterThanOrEqual(5)
  for (const of of [minimalRatio, modelSizes, randomLabels, sensitivity]) {
    const cells = cellsOf(of)
    const [first] = cells
    if (first === undefined) throw new Error('there is nothing to train')
    const data = await prepare(first.experiment)
    for (const { experiment } of cells) expect(prepareNetwork(experiment, data).target).toBe(data.target)
  }
}, 120_000)
