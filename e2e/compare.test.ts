import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { createRun, encodeSummary, summarize } from '../src/runs/index.ts'
import { manifestOf, recordOf } from '../src/testing/manifest.ts'
import { assay, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  for (const [units, base] of [
    [8, 0.8],
    [16, 0.9],
  ] as const)
    for (const seed of [0, 1, 2, 3, 4, 5]) {
      const run = await createRun(join(folder, 'runs'), {
        ...manifestOf('net', seed),
        experiment: { name: 'net', units },
      })
      const records = [1, 2].map((epoch) => recordOf(epoch, 'train', 'loss', 1 / epoch + seed / 100))
      const tested = [...records, recordOf(2, 'test', 'accuracy', base + seed / 200)]
      run.log(tested)
      await run.writeJson('summary.json', encodeSummary(summarize(tested)))
      await run.finish(units === 16 && seed === 5 ? 'interrupted' : 'finished')
    }
})
afterAll(() => remove())

const compared = z.object({
  groups: z.array(z.object({ id: z.string(), label: z.string() })),
  metrics: z.array(z.object({ metric: z.string(), tests: z.array(z.looseObject({ kind: z.string() })) })),
})

it('compares the groups of an experiment on the terminal, and as page, figures and tables', async () => {
  const { code, stdout, stderr } = await assay(folder, 'compare', 'net', '--out', 'comparison')
  expect(code).toBe(0)
  for (const text of ['units 8', '81.25 %', 'units', 'cannot tell [1]', '5 seeds cannot give a p-value below 0.063'])
    expect(stdout).toContain(text)
  expect(stderr).toMatch(/left out: net-s5-\S+: it was interrupted/)
  expect((await readdir(join(folder, 'comparison'))).sort()).toEqual(['comparison.html', 'figures', 'tables'])
  expect(await readFile(join(folder, 'comparison', 'comparison.html'), 'utf8')).toContain('units 16')
})

it('prints JSON, against a baseline by its label; and refuses names that nothing has', async () => {
  const { stdout } = await assay(folder, 'compare', 'net', '--metric', 'accuracy', '--baseline', 'units 16', '--json')
  const { groups, metrics } = compared.parse(JSON.parse(stdout))
  expect(metrics[0]?.tests).toEqual([expect.objectContaining({ a: groups[0]?.id, b: groups[1]?.id, kind: 'silent' })])
  const unknown = await assay(folder, 'compare', 'nett')
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "net"?') })
  const base = await assay(folder, 'compare', 'net', '--baseline', 'net')
  expect(base).toMatchObject({ code: 2, stderr: expect.stringContaining('fits 2 of the groups') })
}, 60_000)
