import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { TEMPLATES } from '../src/cli/new/templates.ts'
import { scratch } from './assay.ts'

const run = promisify(execFile)
const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const { folder, remove } = await scratch()
  try {
    await work(folder)
  } finally {
    await remove()
  }
}

const REPOSITORY = resolve(import.meta.dirname, '..')

/** A folder outside the repository in which the package is installed as `npm install` of its tarball does it, but for the download. */
async function installed(folder: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: REPOSITORY,
    maxBuffer: 2 ** 26,
  })
  const [packed] = JSON.parse(stdout)
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true })
  await rename(join(folder, 'package'), join(folder, 'node_modules/assay'))
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules/assay/node_modules'), 'dir')
  await chmod(join(folder, 'node_modules/assay/dist/cli/main.js'), 0o755)
  await symlink('../assay/dist/cli/main.js', join(folder, 'node_modules/.bin/assay'))
}

it('what assay new makes runs as it is, from the installed package', { timeout: 240_000 }, () =>
  inFolder(async (folder) => {
    await installed(folder)
    const assay = join(folder, 'node_modules/assay/dist/cli/main.js')
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
