import { execFile, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scratch } from './assay.ts'
import { installed } from './installed.ts'

const run = promisify(execFile)

let [folder, command] = ['', '']
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  command = await installed(folder)
}, 60_000)
afterAll(() => remove())

const QUICK = ['--quick', '--name', 'ada_lovelace']
const FORMATS = ['report.html', 'report.ipynb', 'report.md', 'report.pdf', 'slides.html', 'slides.pdf']

const filesOf = async (zip: string): Promise<string[]> => Object.keys(unzipSync(await readFile(zip)))

/** Starts the homework as a terminal does, interrupts all of it when it says something, and tells how it ended. */
function interrupted(cwd: string, when: string): Promise<number | null> {
  const child = spawn(process.execPath, ['--import', 'assay/typescript', 'homework.ts', ...QUICK], {
    cwd,
    detached: true,
  })
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', (chunk) => {
    const before = said.includes(when)
    said += chunk
    if (!before && said.includes(when) && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  })
  return new Promise((done) => child.on('close', done))
}

describe('the homework on convolutional networks', () => {
  it('goes from nothing to the zip, by the installed package, outside the repository, and on after an interruption', {
    timeout: 900_000,
  }, async () => {
    await run(process.execPath, [command, 'new', 'cnn-comparison', 'my-hw'], { cwd: folder })
    const home = join(folder, 'my-hw')
    expect(await interrupted(home, 'cnn-comparison: leNet5')).toBe(130)
    const begun = (await readdir(join(home, 'quick/runs'))).length
    expect(begun).toBeGreaterThan(0)
    expect(begun).toBeLessThan(24)
    const { stderr } = await run('npm', ['start', '--', ...QUICK], { cwd: home, maxBuffer: 2 ** 26 })
    expect(stderr).toMatch(/[1-9]\d* of 24 runs are there already/)
    expect(await readdir(join(home, 'quick/runs'))).toHaveLength(24)
    expect((await readdir(join(home, 'quick/built'))).filter((file) => file.includes('.')).sort()).toEqual(FORMATS)
    expect(await readdir(join(home, 'quick/features'))).toEqual(['convNet', 'leNet5', 'resNet18'])
    const files = await filesOf(join(home, 'quick/ada_lovelace_hw2.zip'))
    for (const model of ['dense', 'lenet5', 'convnet', 'resnet18']) expect(files).toContain(`models/${model}/README.md`)
    for (const end of ['report/report.pdf', 'functions.ts', 'experiment.ts', '.safetensors'])
      expect(files.some((file) => file.endsWith(end))).toBe(true)
  })
})
