import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const printed = z.object({
  runs: z.array(z.looseObject({ id: z.string() })),
  grid: z.object({ rows: z.array(z.looseObject({ runs: z.array(z.string()), diverged: z.number() })) }),
})

const people = (count: number): Promise<void> =>
  writeFile(
    join(folder, 'people.csv'),
    `age,height,ill\n${Array.from({ length: count }, (_, i) => `${20 + (i % 50)},${150 + ((7 * i) % 40)},${i % 50 > 25 ? 'yes' : 'no'}`).join('\n')}\n`,
  )

const trained = async () => {
  const { code, stdout, stderr } = await assay(folder, 'run', fixture('peopleGrid.ts'), '--json')
  expect(code, stderr).toBe(0)
  return printed.parse(JSON.parse(stdout))
}

describe('a grid', () => {
  it('tells of cells that diverge, leaves out what it has trained, and trains anew on other data', async () => {
    await people(80)
    const first = await trained()
    expect(first.grid.rows).toMatchObject([{ diverged: 0 }, { diverged: 1, runs: [] }])
    const [{ runs } = { runs: [] }] = first.grid.rows
    expect(runs).toEqual(first.runs.map(({ id }) => id))

    const second = await trained()
    expect(second.runs).toEqual([])
    expect(second.grid).toEqual(first.grid)
    expect(await runFolders(folder), 'one that diverged would do so again').toHaveLength(2)

    await people(90)
    const third = await trained()
    expect(third.runs).toHaveLength(1)
    expect(third.grid.rows[0]?.runs).toEqual(third.runs.map(({ id }) => id))
    expect(third.grid.rows[0]?.runs).not.toEqual(runs)
  }, 120_000)
})

describe('a grid with a cell that fails', () => {
  it('trains the others, tells where it threw, and ends with 1; cells that are the same are trained once', async () => {
    const { code, stdout, stderr } = await assay(folder, 'run', fixture('brokenGrid.ts'), '--json', '--watch', 'plain')
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/half-broken: broken, seed 0: .*the hook is broken/)
    expect(stderr).toMatch(/at .*brokenHook .*brokenGrid\.ts/)
    const { runs, grid } = printed.parse(JSON.parse(stdout))
    expect(runs).toHaveLength(2)
    const [plain, broken, other, again] = grid.rows
    expect(broken).toMatchObject({ runs: [], failed: 1, diverged: 0 })
    expect(plain?.runs).toHaveLength(1)
    expect(again?.runs).toEqual(plain?.runs)
    expect(other?.runs).not.toEqual(plain?.runs)
  }, 120_000)
})

describe('what a user’s code does in mid-training', () => {
  it('fails where it ends its thread, and does not pass for done', async () => {
    const { code, stderr } = await assay(folder, 'run', fixture('leaves.ts'))
    expect(code).toBe(1)
    expect(stderr).toContain('the training thread ended with code 3 before the training did')
    expect((await runFolders(folder)).filter((name) => name.startsWith('leaves'))).toHaveLength(1)
  }, 60_000)

  it('is told with the place where it threw', async () => {
    const { code, stderr } = await assay(folder, 'run', fixture('throws.ts'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/failed: run throws-s0-\S+ failed: the hook is broken/)
    expect(stderr).toMatch(/at .*brokenHook .*throws\.ts:5:9/)
  }, 60_000)
})
