import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { kept, readKept } from './kept.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-kept-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('measures once, and again where it is asked otherwise or the file is damaged', async () => {
  const path = join(folder, 'deep', 'trace.json')
  let times = 0
  const ask = (probes: number) => kept(path, { probes }, z.number(), async () => ++times)
  expect(await readKept(path, { probes: 1 }, z.number())).toBeUndefined()
  expect([await ask(1), await ask(1), await ask(2), await ask(2)]).toEqual([1, 1, 2, 2])
  await writeFile(path, '{"asked":{"probes":2},"val')
  expect(await ask(2)).toBe(3)
  expect(await readKept(path, { probes: 2 }, z.string())).toBeUndefined()
})
