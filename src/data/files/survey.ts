import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import pMap from 'p-map'
import sharp from 'sharp'
import { UsageError } from '../../errors.ts'
import { parseWav } from '../audio/wav.ts'
import type { DataSource, LeftOut, LoadHooks } from '../dataset.ts'
import { decoder as audioDecoder, audioFolder } from '../sources/audioFolder.ts'
import { decoder as imageDecoder, imageFolder } from '../sources/imageFolder.ts'
import { loadIntoMemory, subset } from '../stored.ts'
import { type ClassFile, listClassFolders, listed } from './classFolders.ts'
import { type Decoder, decodeFiles } from './decodedFiles.ts'

/** What is in a folder of images or sounds, and a source that reads all of it alike. */
export interface Survey {
  readonly source: DataSource
  /** How sizes, channels, lengths and rates are spread, as names and values. */
  readonly facts: readonly (readonly [string, string])[]
  /** Of sounds: values a second. */
  readonly rate?: number
}

const IMAGES = { what: 'image', extensions: ['.jpg', '.jpeg', '.png', '.webp'] }
const SOUNDS = { what: 'recording', extensions: ['.wav', '.wave'] }

/** Images of different sizes are brought to their median size, at most this many pixels high and wide. */
const MOST_PIXELS = 128
/** Sounds are brought to their median length, at most this many seconds. */
const MOST_SECONDS = 10
/** Files opened at once. */
const CONCURRENCY = 8

/**
 * Finds out what a folder holds before it is decoded: images or sounds, with a folder for each class or without, of which sizes.
 *
 * @throws UsageError when it holds neither, or none that can be opened
 *
 * @example
 * const { source, facts } = await surveyFolder('pets')
 */
export async function surveyFolder(folder: string, hooks: LoadHooks = {}): Promise<Survey> {
  const images = await filesOf(folder, IMAGES)
  const sounds = await filesOf(folder, SOUNDS)
  if (images.files.length === 0 && sounds.files.length === 0)
    throw new UsageError(
      `${folder} holds no images (${IMAGES.extensions.join(', ')}) and no recordings (${SOUNDS.extensions.join(', ')}): give another folder`,
    )
  return images.files.length >= sounds.files.length
    ? surveyImages(folder, images, hooks)
    : surveySounds(folder, sounds, hooks)
}

interface Found {
  readonly files: readonly ClassFile[]
  readonly leftOut: readonly LeftOut[]
  /** There are no folders for classes. */
  readonly isFlat: boolean
  /** There are `train` and `test`; else nothing is held out, because nothing is measured here. */
  readonly isDivided: boolean
}

async function filesOf(folder: string, kind: typeof IMAGES): Promise<Found> {
  const entries = await listed(folder)
  const isOfKind = (name: string): boolean => kind.extensions.includes(extname(name).toLowerCase())
  const direct = entries.filter(({ name, isFolder }) => !isFolder && isOfKind(name))
  if (entries.some(({ isFolder }) => isFolder)) {
    const { files, leftOut } = await listClassFolders(folder, kind)
    const isDivided = ['train', 'test'].every((part) => entries.some(({ name, isFolder }) => isFolder && name === part))
    if (files.length > 0) return { files, leftOut, isFlat: false, isDivided }
  }
  return {
    files: direct.map(({ name }) => ({ path: join(folder, name), item: name, label: 0 })),
    leftOut: entries
      .filter(({ name, isFolder }) => isFolder || !isOfKind(name))
      .map(({ name }) => ({ item: name, reason: `is no ${kind.what} by its name (${kind.extensions.join(', ')})` })),
    isFlat: true,
    isDivided: false,
  }
}

async function surveyImages(folder: string, found: Found, hooks: LoadHooks): Promise<Survey> {
  const headers = await measured(folder, found.files, hooks, async ({ path }) => {
    const { autoOrient, channels, hasAlpha } = await sharp(path, { autoOrient: true }).metadata()
    return { size: `${autoOrient.width} × ${autoOrient.height}`, ...autoOrient, colours: channels - (hasAlpha ? 1 : 0) }
  })
  const isGrey = headers.every(({ colours }) => colours < 3)
  const isAlike = new Set(headers.map(({ size }) => size)).size === 1
  const [width, height] = [median(headers.map((one) => one.width)), median(headers.map((one) => one.height))]
  const scale = isAlike ? 1 : Math.min(1, MOST_PIXELS / Math.max(width, height))
  const size = [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))] as const
  const channels = isGrey ? 'grey' : 'colour'
  const facts: [string, string][] = [
    ['Sizes of the images by their headers (width × height)', frequencies(headers.map((one) => one.size))],
    [
      'Colour',
      isGrey ? 'grey' : `${headers.filter(({ colours }) => colours >= 3).length} of ${headers.length} in colour`,
    ],
    ...(isAlike ? [] : [['Looked at as', `${size[1]} × ${size[0]} pixels, cut to that shape`] as [string, string]]),
  ]
  if (!found.isFlat)
    return { source: imageFolder(folder, { channels, size, ...(!found.isDivided && { test: 0 }) }), facts }
  const config = { channels, fit: 'cover', background: 0 } as const
  return { source: flatSource('imageFolder', folder, found, imageDecoder(config, size)), facts }
}

async function surveySounds(folder: string, found: Found, hooks: LoadHooks): Promise<Survey> {
  const headers = await measured(folder, found.files, hooks, async ({ path }) => {
    const { rate, channels } = parseWav(await readFile(path))
    return { rate, channels: channels.length, seconds: (channels[0]?.length ?? 0) / rate }
  })
  const rate = median(headers.map((one) => one.rate))
  const lengths = headers.map(({ seconds }) => seconds)
  const seconds = Math.max(1 / rate, Math.min(MOST_SECONDS, median(lengths)))
  const short = (value: number): string => String(Number(value.toPrecision(3)))
  const facts: [string, string][] = [
    ['Rates (values a second)', frequencies(headers.map((one) => `${one.rate} Hz`))],
    [
      'Channels',
      frequencies(
        headers.map(({ channels }) => (channels === 1 ? 'mono' : channels === 2 ? 'stereo' : String(channels))),
      ),
    ],
    [
      'Lengths',
      `${short(Math.min(...lengths))} s to ${short(Math.max(...lengths))} s, median ${short(median(lengths))} s`,
    ],
    ['Looked at as', `${short(seconds)} s of mono at ${rate} Hz: longer ones cut, shorter ones followed by silence`],
  ]
  if (!found.isFlat)
    return { source: audioFolder(folder, { seconds, rate, ...(!found.isDivided && { test: 0 }) }), facts, rate }
  return {
    source: flatSource('audioFolder', folder, found, audioDecoder({ seconds, rate, channels: 'mono' })),
    facts,
    rate,
  }
}

/** What can be told of each file that opens; the others are named when they are decoded. */
async function measured<T>(
  folder: string,
  files: readonly ClassFile[],
  { onProgress }: LoadHooks,
  measure: (file: ClassFile) => Promise<T>,
): Promise<T[]> {
  let done = 0
  const all = await pMap(
    files,
    async (file) => {
      const result = await measure(file).catch(() => undefined)
      onProgress?.({ what: `measuring ${folder}`, unit: 'files', done: ++done, total: files.length })
      return result
    },
    { concurrency: CONCURRENCY },
  )
  const known = all.filter((one) => one !== undefined)
  if (known.length === 0)
    throw new UsageError(`none of the ${files.length} files in ${folder} can be opened: give another folder`)
  return known
}

/** All files of a folder as samples of one class, which is none. */
function flatSource(kind: string, folder: string, { files, leftOut }: Found, decoder: Decoder): DataSource {
  return {
    kind,
    config: { folder },
    load: async (hooks) => {
      const name = basename(folder)
      const decoded = await decodeFiles({ name, folder }, { classes: [name], files, leftOut }, decoder, hooks)
      const train = await loadIntoMemory(decoded.dataset)
      return {
        train,
        test: await loadIntoMemory(subset(decoded.dataset, new Uint32Array())),
        leftOut: [...leftOut, ...decoded.leftOut],
      }
    },
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** `64 × 64 (90), 32 × 32 (3)`: the most frequent first, five of them. */
function frequencies(values: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of values) counts.set(one, (counts.get(one) ?? 0) + 1)
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const said = ranked.slice(0, 5).map(([one, n]) => `${one} (${n})`)
  return said.join(', ') + (ranked.length > 5 ? ` and ${ranked.length - 5} others` : '')
}
