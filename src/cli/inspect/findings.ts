import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import pc from 'picocolors'
import writeFileAtomic from 'write-file-atomic'
import { type Figure, type SavedPicture, savePicture, toSvg } from '../../figures/index.ts'
import { writeParquet } from '../../runs/parquet.ts'
import { note, print, printJson } from '../output.ts'

/** A picture, its numbers, and a sentence of what they say. */
export interface Finding {
  /** As a file's, without its end: `weights-conv1`. */
  readonly name: string
  readonly sentence: string
  readonly picture: Figure | SavedPicture
  /** All values behind it, as columns: kept as Parquet. */
  readonly values?: Parameters<typeof writeParquet>[1]
}

/**
 * Writes pictures into a folder, each as `.svg` or `.png` with its numbers as `.csv` (and all values as `.parquet` where it has them) and its sentence as `.txt`, and tells of them.
 *
 * @param facts told as JSON beside the findings
 */
export async function tellFindings(
  folder: string,
  findings: readonly Finding[],
  {
    json = false,
    facts = {},
    notes = [],
  }: {
    readonly json?: boolean | undefined
    readonly facts?: Readonly<Record<string, unknown>>
    readonly notes?: readonly string[]
  },
): Promise<void> {
  const writeBytes = async (file: string, data: Uint8Array | string): Promise<string> => {
    const path = join(folder, basename(file))
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomic(path, typeof data === 'string' ? data : Buffer.from(data))
    return path
  }
  const told: Record<string, unknown>[] = []
  for (const { name, sentence, picture, values } of findings) {
    const drawn = 'svg' in picture || 'png' in picture ? picture : { ...picture, svg: await toSvg(picture.spec) }
    await savePicture({ writeBytes }, name, drawn)
    await writeBytes(`${name}.txt`, `${sentence}\n`)
    if (values !== undefined) await writeParquet(join(folder, `${name}.parquet`), values)
    told.push({
      name,
      picture: join(folder, `${name}.${'svg' in drawn ? 'svg' : 'png'}`),
      sentence,
      rows: picture.rows,
    })
  }
  if (json) printJson({ ...facts, findings: told, notes })
  else {
    for (const { name, sentence } of findings) print(`${pc.bold(name)}\n  ${sentence}`)
    for (const text of notes) note(`note: ${text}`)
  }
  note(`written: ${folder}`)
}
