import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../../errors.ts'
import { changedEntries, versionState } from '../../runs/index.ts'
import type { Json } from '../../train/index.ts'
import { changesText } from './describe.ts'

/** Configurations whose experiments differ would be compared with each other. */
export function requireSame(folder: string, file: string, before: Json, after: Json): void {
  const changes = changesText(before, after)
  if (changes !== undefined)
    throw new UsageError(
      `${file} describes another search than the one in ${folder} (${changes}): give the file as it was, or this search another name, or another place with --studies`,
    )
}

/** Code (a layer of one's own, a constraint) has no description. */
export async function warningsOf(
  file: string,
  { fileHash, versions }: { readonly fileHash: string; readonly versions: Awaited<ReturnType<typeof versionState>> },
): Promise<readonly string[]> {
  const changed = changedEntries(versions, await versionState())
  return [
    ...((await hashOf(file)) === fileHash
      ? []
      : [
          `${file} has another text than when the search was begun, and describes the same: code of its own may make other trials`,
        ]),
    ...(changed.length === 0
      ? []
      : [`the search was begun with ${changed.join(', ')}: trials may come to other values than they did then`]),
  ]
}

export const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
