import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import sharp from 'sharp'
import { missingName } from '../../../data/table/names.ts'
import { UsageError } from '../../../errors.ts'
import type { Picture } from '../../document.ts'
import type { Records } from '../records.ts'

const ENDS = ['.svg', '.png', '.jpg', '.jpeg', '.webp'] as const

/**
 * A picture from a file, with the description that it has.
 *
 * @param path from the write-up, or from the folder of runs; the end of its name may be left out
 * @throws UsageError naming the pictures that are there
 */
export async function pictureAt(
  path: string,
  records: Records,
  alt?: string,
): Promise<{ readonly picture: Picture; readonly caption: string }> {
  const places = [records.folder, dirname(records.runs), records.runs].map((folder) => resolve(folder, path))
  const found = places
    .flatMap((place) =>
      extname(place) === '' || !ENDS.some((end) => end === extname(place))
        ? ENDS.map((end) => `${place}${end}`)
        : [place],
    )
    .find((file) => existsSync(file))
  if (found === undefined) throw new UsageError(await absent(path, places[0] ?? path))
  return { picture: await pictureIn(found, alt ?? words(found)), caption: '' }
}

/** The file as a picture: SVG as text, everything else as PNG. */
export async function pictureIn(file: string, alt: string): Promise<Picture> {
  if (extname(file) === '.svg') return { svg: await readFile(file, 'utf8'), alt: alt }
  const bytes = await readFile(file)
  try {
    return {
      png: extname(file) === '.png' ? Uint8Array.from(bytes) : Uint8Array.from(await sharp(bytes).png().toBuffer()),
      alt,
    }
  } catch (error) {
    throw new UsageError(`${file} is no picture that can be read: ${error instanceof Error ? error.message : error}`)
  }
}

/** `training-curves.svg` as `training curves`. */
const words = (file: string): string => basename(file, extname(file)).replaceAll(/[-_]+/g, ' ')

async function absent(path: string, place: string): Promise<string> {
  const folder = dirname(place)
  const there = existsSync(folder)
    ? (await readdir(folder)).filter((file) => ENDS.some((end) => file.endsWith(end)))
    : []
  return there.length === 0
    ? `there is no picture ${path}: ${folder} holds none`
    : missingName(folder, 'picture', basename(path), there)
}
