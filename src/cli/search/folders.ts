import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'

/**
 * The folder of a study, by its name or path.
 *
 * @throws UsageError where it would be inside a file
 */
export function folderOf(studies: string, study: string): string {
  const folder = /[/\\]/.test(study) ? resolve(study) : join(resolve(studies), study)
  const parent = dirname(folder)
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UsageError(`${parent} is a file: give a folder of studies with --studies`)
  return folder
}
