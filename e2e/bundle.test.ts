import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, scratch, TEMPORARY } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}

const PARTS = `import { adam, experiment, mlp, mse, regressionFunction, tanh } from 'assay'
import { r2 } from 'assay/metrics'

export const sinc = experiment({
  name: 'sinc',
  data: regressionFunction('sinc(5x)', { train: 60 }),
  split: { validation: 0.2 },
  model: mlp({ hidden: [8], outputs: 1, activation: tanh }),
  loss: mse(),
  optimizer: adam(),
  batchSize: 20,
  epochs: 3,
  metrics: [r2()],
})
`
const GRID = `import { grid } from 'assay'
import { sinc } from './parts/sinc.js'

export default grid(sinc, { lr: [0.01, 0.001] }, { name: 'rates' })
`
const DIGITS = `import { accuracy, adam, crossEntropy, experiment, mlp, mnist, standardize } from 'assay'

export default experiment({
  name: 'digits',
  data: mnist(),
  split: { validation: 59_000, stratify: true },
  prepare: [standardize()],
  model: mlp({ hidden: [16], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam(),
  batchSize: 100,
  epochs: 1,
  metrics: [accuracy()],
})
`

beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  await mkdir(join(folder, 'parts'))
  await writeFile(join(folder, 'parts/sinc.ts'), PARTS)
  await writeFile(join(folder, 'rates.ts'), GRID)
  await writeFile(join(folder, 'digits.ts'), DIGITS)
  for (const file of ['rates.ts', 'digits.ts'])
    expect((await assay(folder, 'run', file, '--watch', 'none')).code).toBe(0)
}, 60_000)
afterAll(() => remove())

const outcome = z.object({
  path: z.string(),
  isWhole: z.boolean().optional(),
  missing: z.array(z.object({ about: z.string(), text: z.string() })).optional(),
  checks: z.array(z.object({ what: z.string(), isGood: z.boolean(), text: z.string() })).optional(),
})
const bundle = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await assay(folder, 'export', 'bundle', ...args)
  return { code, stderr, said: stdout.startsWith('{') ? outcome.parse(JSON.parse(stdout)) : undefined }
}

describe('assay export bundle', () => {
  const zip = (): string => join(folder, 'ada_lovelace_hw2.zip')

  it('packs what is there, says what is missing, and runs it again from a clean folder, to the bit', async () => {
    const { code, said } = await bundle('grid:rates', 'digits', '--name', 'ada_lovelace_hw2', '--verify', '--json')
    // There is no report.
    expect([code, said?.isWhole, said?.path]).toEqual([1, false, zip()])
    expect(said?.missing?.map(({ about }) => about)).toContain('report')
    const checks = new Map(said?.checks?.map(({ what, isGood, text }) => [what, isGood ? text : `failed: ${text}`]))
    expect([...checks.keys()]).toEqual(
      expect.arrayContaining([
        'sums',
        'files',
        'report',
        'sinc: test',
        'sinc: training',
        'digits: test',
        'digits: training',
      ]),
    )
    for (const name of ['sinc', 'digits']) {
      expect(checks.get(`${name}: test`)).toMatch(/^the same as the stored predictions, bit for bit; (r2|accuracy) /)
      expect(checks.get(`${name}: training`)).toMatch(/^trains: 3 steps/)
    }
    expect(await readdir(join(folder, TEMPORARY))).toEqual([])
  }, 60_000)

  it('checks a zip alone: code and weights that were changed are found out by running them', async () => {
    const files = unzipSync(await readFile(zip()))
    const text = new TextDecoder().decode(files['code/parts/sinc.ts']).replace('hidden: [8]', 'hidden: [9]')
    await writeFile(
      join(folder, 'changed.zip'),
      zipSync({ ...files, 'code/parts/sinc.ts': new TextEncoder().encode(text) }),
    )
    const { code, said } = await bundle('--verify', 'changed.zip', '--json')
    expect(code).toBe(1)
    const failed = said?.checks?.filter(({ isGood }) => !isGood) ?? []
    expect(failed.map(({ what }) => what)).toEqual(['sums', 'report', 'sinc: code'])
    expect(failed.map(({ text: why }) => why).join()).toContain('describes another experiment')
  }, 60_000)

  it('tells what is wrong use', async () => {
    for (const [args, text] of [
      [['digits'], '--name'],
      [['--verify', 'none.zip'], 'none.zip'],
    ] as const) {
      const { code, stderr } = await bundle(...args)
      expect([code, stderr]).toEqual([2, expect.stringContaining(text)])
    }
  }, 60_000)
})
