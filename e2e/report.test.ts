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

describe('assay report --page', () => {
  it('writes the report of a run again as the training left it, from its folder', async () => {
    const [id = ''] = await runFolders(folder)
    const path = join(folder, 'runs', id, 'report.html')
    const before = await readFile(path, 'utf8')
    await rm(path)
    const { code, stdout, stderr } = await assay(folder, 'report', id, '--page')
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe(before)
  }, 60_000)

  it('says that samples are not shown where the data are not to be had', async () => {
    const [id = ''] = await runFolders(folder)
    const { code, stdout, stderr } = await assay(folder, 'report', id, '--page', '--no-samples', '--json')
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ run: id, samples: false })
    expect(await readFile(join(folder, 'runs', id, 'report.html'), 'utf8')).toContain(
      'Samples are not shown as they are',
    )
  }, 60_000)

  it('gathers the seeds of an experiment on a page of their own', async () => {
    const [id = ''] = await runFolders(folder)
    const name = id.replace(/-s\d+-.*$/, '')
    const { code, stdout, stderr } = await assay(folder, 'report', name, '--page', '--out', 'page')
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).toBe(join(folder, 'page', 'report.html'))
    expect(await readFile(join(folder, 'page', 'report.html'), 'utf8')).toContain('mean over 2 seeds')
    expect((await stat(join(folder, 'page/figures/curves.svg'))).isFile()).toBe(true)
    const wrong = await assay(folder, 'report', name, '--page', '--file', 'people.ts')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--file is for one run')])
  }, 60_000)
})

describe('assay report', () => {
  const write = (text: string): Promise<void> => writeFile(join(folder, 'report.md'), text)

  it('builds a write-up from stored runs, says which values it used, and fails --strict on what the audit found', async () => {
    const [id = ''] = await runFolders(folder)
    await write(
      `---\ntitle: People\n---\n\n# Results\n\nIt reaches {{ run('${id}').test.accuracy }}, and not 12.34%.\n`,
    )
    const { code, stdout, stderr } = await assay(
      folder,
      'report',
      'report.md',
      '--format',
      'html,markdown',
      '--json',
      '--strict',
    )
    expect(code, stderr).toBe(1)
    const told = JSON.parse(stdout)
    expect(told.formats.map(({ format }: { format: string }) => format)).toEqual(['html', 'markdown'])
    expect(told.values).toMatchObject([{ expression: `run('${id}').test.accuracy`, runs: [id], line: 7 }])
    expect(told.findings.map(({ check }: { check: string }) => check)).toContain('literal-number')
    const html = await readFile(join(folder, 'built/report.html'), 'utf8')
    expect(html).toContain(told.values[0].text)
  }, 60_000)

  it('writes the other formats where one fails, and ends with 1', async () => {
    const more = Array.from({ length: 80 }, (_, i) => `# Part ${i}\n\nWords.\n`).join('\n')
    await write(`---\ntitle: Long\n---\n\n${more}`)
    const { code, stdout, stderr } = await assay(folder, 'report', 'report.md', '--pages', '1')
    expect(code).toBe(1)
    expect(stdout).toContain(join(folder, 'built/report.html'))
    expect(stderr).toMatch(/pdf: .*may have 1/)
  }, 60_000)

  it('ends with 2, and file and line, where an expression names what is not there', async () => {
    await write("---\ntitle: Wrong\n---\n\n{{ run('nobody').test.accuracy }}\n")
    const { code, stderr } = await assay(folder, 'report', 'report.md')
    expect([code, stderr]).toEqual([2, expect.stringContaining("report.md:5: {{ run('nobody').test.accuracy }}: ")])
  }, 60_000)

  it('writes a draft of an experiment, which is a source of its own', async () => {
    const [id = ''] = await runFolders(folder)
    const name = id.replace(/-s\d+-.*$/, '')
    const { code, stderr } = await assay(folder, 'report', name, '--format', 'html')
    expect(code, stderr).toBe(0)
    const draft = await readFile(join(folder, `${name}-report/report.md`), 'utf8')
    expect(draft).toContain(`group('${name}')`)
    expect((await stat(join(folder, `${name}-report/built/report.html`))).isFile()).toBe(true)
  }, 60_000)
})
