import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

it('assay lr-find suggests a rate, draws the curve with its numbers, and makes no run', async () => {
  const { code, stdout } = await assay(folder, 'lr-find', fixture('long.ts'), '--json')
  expect(code).toBe(0)
  const { suggestion, curve } = z
    .object({ suggestion: z.number(), isClear: z.literal(true), curve: z.array(z.object({ lr: z.number() })) })
    .parse(JSON.parse(stdout))
  expect(suggestion).toBeGreaterThan(1e-4)
  expect(suggestion).toBeLessThan(0.1)
  expect((await readdir(folder)).sort()).toEqual(['lr-find', 'temporary'])
  const csv = await readFile(join(folder, 'lr-find/figures/long.csv'), 'utf8')
  expect(csv.trim().split('\n')).toHaveLength(curve.length + 1)
  expect(await readFile(join(folder, 'lr-find/figures/long.svg'), 'utf8')).toContain('learning rate')
  const text = await assay(folder, 'lr-find', fixture('long.ts'), '--steps', '40', '--repeats', '1')
  expect(text.stdout).toMatch(/Suggested learning rate: [\d.e-]+ \(the experiment has 0\.003\)|No learning rate/)
  const wrong = await assay(folder, 'lr-find', fixture('long.ts'), '--from', '0')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('--from is "0"')
}, 60_000)
