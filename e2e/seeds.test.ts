import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeEach(async () => {
  ;({ folder, remove } = await scratch())
})
afterEach(() => remove())

const spread = z.object({ mean: z.number(), sd: z.number(), low: z.number(), high: z.number() })
const printed = z.object({
  runs: z.array(
    z.looseObject({ id: z.string(), seed: z.number(), weights: z.string(), test: z.record(z.string(), z.number()) }),
  ),
  assertions: z.array(z.looseObject({ seeds: z.number(), holds: z.boolean() })).optional(),
  seeds: z.object({ rows: z.tuple([z.object({ runs: z.array(z.string()), scores: z.record(z.string(), spread) })]) }),
})

async function trained(...options: readonly string[]) {
  const { code, stdout, stderr } = await assay(folder, 'run', fixture('seeds.ts'), '--json', ...options)
  expect(code, stderr).toBe(0)
  return printed.parse(JSON.parse(stdout))
}

describe('several seeds', () => {
  it('side by side have the weights that they have one after the other, and are told in order with their spread', async () => {
    const [together, alone] = [
      await trained('--jobs', '3', '--threads', '1'),
      await trained('--jobs', '1', '--threads', '1'),
    ]
    expect(together.runs.map(({ seed }) => seed)).toEqual([0, 1, 2, 3])
    expect(together.runs.map(({ weights }) => weights)).toEqual(alone.runs.map(({ weights }) => weights))
    expect(new Set(together.runs.map(({ weights }) => weights)).size).toBe(4)
    const losses = together.runs.map(({ test }) => test.loss ?? Number.NaN)
    const [row] = together.seeds.rows
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 4
    const sd = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 3)
    expect(row.scores.loss?.mean).toBeCloseTo(mean, 12)
    expect(row.scores.loss?.sd).toBeCloseTo(sd, 12)
    // Student's quantile of 0.975 with three degrees of freedom.
    expect(row.scores.loss?.high).toBeCloseTo(mean + (3.182446305 * sd) / 2, 8)
    expect(together.assertions).toMatchObject([{ seeds: 4, holds: true }])
  }, 120_000)

  it('broken off and asked for again train what is missing, and come to the same', async () => {
    const running = start(folder, 'run', fixture('seeds.ts'), '--jobs', '2', '--set', 'epochs=400', '--watch', 'json')
    await running.said('"event":"step"')
    running.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect(code, stderr).toBe(130)
    expect(stderr).toMatch(/not begun: \d of 4 runs/)
    const before = await runFolders(folder)
    const { runs, seeds } = await trained('--missing', '--set', 'epochs=400')
    const after = await runFolders(folder)
    expect(after).toHaveLength(4)
    for (const begun of before) expect(after, 'gone on with, not begun again').toContain(begun)
    expect(runs.length, 'what had finished is not trained again').toBeGreaterThanOrEqual(2)
    expect(seeds.rows[0].runs).toHaveLength(4)
  }, 120_000)

  it('one of which diverges are a failure, and the others are kept', async () => {
    const { code, stdout, stderr } = await assay(
      folder,
      'run',
      fixture('seeds.ts'),
      ...['--set', 'optimizer.lr=1e30', '--watch', 'plain'],
    )
    expect(code).toBe(1)
    expect(stderr).toContain('seeds, seed 3: the loss became')
    expect(stdout).toContain('4 diverged')
  }, 60_000)
})
