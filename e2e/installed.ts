import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const REPOSITORY = resolve(import.meta.dirname, '..')

/**
 * A folder outside the repository in which the package is installed as `npm install` of its tarball does it, but for the download.
 *
 * @returns the path of the command
 */
export async function installed(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: REPOSITORY,
    maxBuffer: 2 ** 26,
  })
  const [packed] = JSON.parse(stdout)
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true })
  await rename(join(folder, 'package'), join(folder, 'node_modules/assay'))
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules/assay/node_modules'), 'dir')
  const command = join(folder, 'node_modules/assay/dist/cli/main.js')
  await chmod(command, 0o755)
  await symlink('../assay/dist/cli/main.js', join(folder, 'node_modules/.bin/assay'))
  return command
}
