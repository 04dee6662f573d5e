import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../../study/journal/files.ts'
import { GOOD_ENDS, OWN_LINE } from './script.ts'

/** Of a log, the end is looked at. */
const KEPT = 4000

/** Of a task, in the study's folder. */
export const logOf = (job: number, index: number): string => join('slurm', `${job}_${index}.log`)

/**
 * What went wrong in a task that is over, by the end of its log; undefined where nothing did, or it never began.
 *
 * @param folder of the study
 */
export async function failureOf(folder: string, job: number, index: number): Promise<string | undefined> {
  const name = logOf(job, index)
  const lines = (await tailOf(join(folder, name))).split('\n').filter((line) => line.trim() !== '')
  const own = lines.findLast((line) => OWN_LINE.test(line))?.match(OWN_LINE)?.[1]
  if (lines.length === 0 || GOOD_ENDS.some((end) => end === own)) return undefined
  const said = lines.filter((line) => !OWN_LINE.test(line)).join('\n')
  return `task ${job}_${index} (${name}): ${said || own || 'it says nothing'}`
}

async function tailOf(path: string): Promise<string> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(KEPT), 0, KEPT, Math.max(0, size - KEPT))
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
