import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../../errors.ts'

/**
 * Creates a file with its whole content, unless it is there: of all processes on all machines that try, one succeeds, and no other ever sees a part of it.
 *
 * The content is written to a name of its own, which is then linked to the path. A server carries out `link` at once or not at all, on
 * every version of NFS. Where its answer is lost, the client asks again and hears that the file is there: the number of links of the file
 * then tells that it is one's own. See docs/decisions/0013-study-journal.md.
 *
 * @param scratch - folder on the same file system, for the file before it has its name
 * @returns whether this call created it
 * @throws UsageError where the file system has no hard links
 */
export function createOnce(path: string, content: string, scratch: string): boolean {
  const own = join(scratch, randomBytes(12).toString('hex'))
  const file = openSync(own, 'wx')
  try {
    writeSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (links(own) === 2) return true
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST') return false
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS')
      throw new UsageError(
        `the file system of ${path} has no hard links (${code}), which a study needs: choose another folder`,
      )
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

/** Opened first, because NFS asks the server anew then. */
function links(path: string): number {
  const file = openSync(path, 'r')
  try {
    return fstatSync(file).nlink
  } finally {
    closeSync(file)
  }
}
