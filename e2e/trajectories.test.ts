import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, example, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const printed = z.object({
  runs: z.array(z.object({ id: z.string(), label: z.string() })),
  findings: z.array(z.object({ name: z.string(), sentence: z.string(), picture: z.string() })),
})
const file = example('training-dynamics/gradient-norm.ts')
const short = ['--set', 'epochs=40', '--seeds', '0,1']

it('trains what a file says, once, goes on with what was interrupted, and draws its way', async () => {
  const running = start(folder, 'trajectories', file, ...short, '--jobs', '1')
  await running.said('training samples')
  running.kill('SIGINT')
  const { code: stopped, stderr: said } = await running.ended
  expect(stopped, said).toBe(130)
  expect(said).toContain('the same command goes on')

  const { code, stdout, stderr } = await assay(folder, 'trajectories', file, ...short, '--json')
  expect(code, stderr).toBe(0)
  const { runs, findings } = printed.parse(JSON.parse(stdout))
  expect(runs.map(({ label }) => label)).toEqual(['seed 0', 'seed 1'])
  const made = await runFolders(folder)
  expect(made.toSorted()).toEqual(runs.map(({ id }) => id).toSorted())
  expect(findings.map(({ name }) => name)).toEqual([
    ...['model', '1', '3', '5'].flatMap((place) => [`trajectory-${place}`, `loadings-${place}`]),
    ...['distances', 'layers', 'distributions', 'gradient-norm', 'update-ratios', 'gradient-cosine'],
  ])
  expect(findings[0]?.sentence).toMatch(/^Weights of the whole model at 6 times of 2 runs: 2 components have \d/)
  const out = join(folder, 'reports', 'gradient-norm-trajectories')
  const csv = await readFile(join(out, 'gradient-norm.csv'), 'utf8')
  // 2 runs of 40 epochs of 10 steps, and the heads of columns.
  expect(csv.trim().split('\n')).toHaveLength(1 + 2 * 400)
  expect(await readdir(out)).toContain('trajectory-model.svg')

  const [first] = runs
  const again = await assay(folder, 'trajectories', first?.id ?? '', '--layer', '3', '--components', '3', '--json')
  expect(again.code, again.stderr).toBe(0)
  expect(printed.parse(JSON.parse(again.stdout)).findings.map(({ name }) => name)).toContain('trajectory-3')
  expect(await runFolders(folder)).toHaveLength(2)
}, 300_000)

it('says how to record where nothing was recorded', async () => {
  const args = ['--set', 'record={}', '--set', 'epochs=1', '--seeds', '0']
  const { code, stderr } = await assay(folder, 'trajectories', file, ...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(/nothing of the way was recorded; train with record: .*--set record\.weights\.everyEpochs=1/)
}, 120_000)
