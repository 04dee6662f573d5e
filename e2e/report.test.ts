import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assay, fixture, runFolders, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  await writeFile(
    join(folder, 'people.csv'),
    `age,height,ill\n${Array.from({ length: 80 }, (_, i) => `${20 + (i % 50)},${150 + ((7 * i) % 40)},${i % 50 > 25 ? 'yes' : 'no'}`).join('\n')}\n`,
  )
  const { code, stderr } = await assay(folder, 'run', fixture('people.ts'), '--set', 'seeds=0,1', '--json')
  expect(code, stderr).toBe(0)
}, 120_000)
afterAll(() => remove())

describe('assay report', () => {
  it('writes the report of a run again as the training left it, from its folder', async () => {
    const [id = ''] = await runFolders(folder)
    const path = join(folder, 'runs', id, 'report.html')
    const before = await readFile(path, 'utf8')
    await rm(path)
    const { code, stdout, stderr } = await assay(folder, 'report', id)
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe(before)
  }, 60_000)

  it('says that samples are not shown where the data are not to be had', async () => {
    const [id = ''] = await runFolders(folder)
    const { code, stdout, stderr } = await assay(folder, 'report', id, '--no-samples', '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ run: id, samples: false })
    expect(await readFile(join(folder, 'runs', id, 'report.html'), 'utf8')).toContain(
      'Samples are not shown as they are',
    )
  }, 60_000)

  it('gathers the seeds of an experiment on a page of their own', async () => {
    const [id = ''] = await runFolders(folder)
    const name = id.replace(/-s\d+-.*$/, '')
    const { code, stdout, stderr } = await assay(folder, 'report', name, '--out', 'page')
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).toBe(join(folder, 'page', 'report.html'))
    expect(await readFile(join(folder, 'page', 'report.html'), 'utf8')).toContain('mean over 2 seeds')
    expect((await stat(join(folder, 'page/figures/curves.svg'))).isFile()).toBe(true)
    const wrong = await assay(folder, 'report', name, '--file', 'people.ts')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--file is for one run')])
  }, 60_000)
})
