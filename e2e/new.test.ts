import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { TEMPLATES } from '../src/cli/new/templates.ts'
import { scratch } from './assay.ts'
import { installed, REPOSITORY } from './installed.ts'

const run = promisify(execFile)
const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const { folder, remove } = await scratch()
  try {
    await work(folder)
  } finally {
    await remove()
  }
}

it('what assay new makes runs as it is, from the installed package', { timeout: 240_000 }, () =>
  inFolder(async (folder) => {
    const assay = await installed(folder)
    for (const name of Object.keys(TEMPLATES)) {
      const { stdout } = await run(process.execPath, [assay, 'new', name, `my-${name}`, '--json'], { cwd: folder })
      const { files, needsInstall } = JSON.parse(stdout)
      // Deno is not among the packages that were installed.
      expect(needsInstall).toBe(name === 'notebook')
      expect((await readdir(join(folder, `my-${name}`), { recursive: true })).sort()).toEqual(
        expect.arrayContaining(files),
      )
      for (const file of files.filter((one: string) => one.endsWith('.ts')))
        expect(await readFile(join(folder, `my-${name}`, file), 'utf8')).not.toContain('examples/')
    }
    const started = await run('npm', ['start', '--', '--epochs', '5', '--seed', '0'], {
      cwd: join(folder, 'my-regression'),
    })
    expect(started.stdout + started.stderr).toContain('report.html')
    expect(await readdir(join(folder, 'my-regression/runs'))).toHaveLength(1)
    await run('npm', ['start'], { cwd: join(folder, 'my-report') })
    expect((await readdir(join(folder, 'my-report/built'))).sort()).toEqual(['report.html', 'report.pdf'])
  }),
)

it('assay new leaves alone what is there', () =>
  inFolder(async (folder) => {
    const assay = join(REPOSITORY, 'dist/cli/main.js')
    await mkdir(join(folder, 'full'))
    await writeFile(join(folder, 'full/notes.txt'), 'mine')
    const failed = run(process.execPath, [assay, 'new', 'regression', 'full'], { cwd: folder })
    await expect(failed).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has files in it (notes.txt)'),
    })
    expect(await readdir(join(folder, 'full'))).toEqual(['notes.txt'])
    const unknown = run(process.execPath, [assay, 'new', 'transformer'], { cwd: folder })
    await expect(unknown).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('regression') })
    // No folder above has Assay, so the new one says where it is.
    const { stdout } = await run(process.execPath, [assay, 'new', 'regression', 'apart', '--json'], { cwd: folder })
    expect(JSON.parse(stdout).needsInstall).toBe(true)
    const { dependencies } = JSON.parse(await readFile(join(folder, 'apart/package.json'), 'utf8'))
    expect(resolve(folder, 'apart', dependencies.assay.replace('file:', ''))).toBe(REPOSITORY)
  }))
