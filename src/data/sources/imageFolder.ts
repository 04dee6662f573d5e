import pMap from 'p-map'
import sharp, { type Sharp } from 'sharp'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import type { DataSource, LoadHooks } from '../dataset.ts'
import type { ClassFile } from '../files/classFolders.ts'
import type { Decoder } from '../files/decodedFiles.ts'
import { type FolderOptions, folderSchema, loadFolder } from '../files/folderSource.ts'

export interface ImageFolderOptions extends FolderOptions {
  /** Height and width of all samples; one number for squares. Default: that of the images, which must be alike then. */
  readonly size?: number | readonly [height: number, width: number]
  /** `colour` is red, green and blue. Default `colour`. */
  readonly channels?: 'grey' | 'colour'
  /**
   * How an image of another shape becomes one of `size`: `cover` fills it and cuts off what stands over at both sides,
   * `contain` shows the whole image between bars of the background, `stretch` distorts it. Default `cover`.
   */
  readonly fit?: 'cover' | 'contain' | 'stretch'
  /** Behind transparent pixels and beside contained images: a grey, or red, green and blue, 0 to 255. Default 0, black. */
  readonly background?: number | readonly [red: number, green: number, blue: number]
}

const side = z.int().min(1)
const level = z.int().min(0).max(255)
const schema = z.strictObject({
  ...folderSchema,
  size: z.union([side, z.tuple([side, side])], 'give a whole number of pixels, or height and width').optional(),
  channels: z.enum(['grey', 'colour']),
  fit: z.enum(['cover', 'contain', 'stretch']),
  background: z.union([level, z.tuple([level, level, level])], 'give a grey, or red, green and blue, from 0 to 255'),
})
type Config = z.infer<typeof schema>

/** Endings of the names of files that are read, in small letters. */
export const EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png', '.webp']

/**
 * Images in a folder that has one folder for each class, or `train` and `test` that have them: JPEG, PNG and WebP become
 * uint8 [3, height, width], or [1, height, width] in grey. Classes and files are taken by name in the order of code points;
 * hidden files are passed over, and files that cannot be decoded are listed as left out.
 *
 * What images are made into: they are turned upright as EXIF says; 16 bits a channel become 8; colours of other profiles
 * become sRGB; transparent pixels are laid over the background; sizes are changed with a Lanczos filter (a = 3); grey is
 * 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). Of an animation the first picture is taken. What was decoded is kept
 * in the cache (`ASSAY_CACHE`) until files or options change; more than 512 MB is read from there batch by batch.
 *
 * @throws UsageError for an option that is out of range, and at loading when there are not two classes with images, or images
 * differ in size and no `size` is given
 *
 * @example
 * imageFolder('pets', { size: 64 })
 * @example
 * imageFolder('scans', { size: [96, 128], channels: 'grey', fit: 'contain', background: 255, test: 0 })
 */
export function imageFolder(folder: string, options: ImageFolderOptions = {}): DataSource {
  const { keep, ...config } = parseConfig('imageFolder', schema, {
    channels: 'colour',
    fit: 'cover',
    background: 0,
    ...options,
  })
  return {
    kind: 'imageFolder',
    config: { folder, ...config },
    load: (hooks) =>
      loadFolder(
        {
          ...options,
          folder,
          kind: { what: 'image', extensions: EXTENSIONS },
          decoder: async (files, inner) => decoder(config, await sizeFor(config, folder, files, inner)),
        },
        hooks,
      ),
  }
}

type Size = readonly [height: number, width: number]

/** Pixels that are damaged make a file unreadable; sloppy but whole files are taken. */
const open = (path: string): Sharp => sharp(path, { failOn: 'error', autoOrient: true })

/** The size that is asked for, or else that of all images. */
async function sizeFor(
  { size }: Pick<Config, 'size'>,
  folder: string,
  files: readonly ClassFile[],
  { onProgress }: LoadHooks,
): Promise<Size> {
  if (size !== undefined) return typeof size === 'number' ? [size, size] : size
  let done = 0
  const sizes = await pMap(
    files,
    async ({ path, item }) => {
      const header = await open(path)
        .metadata()
        .catch(() => undefined)
      done += 1
      onProgress?.({ what: `measuring ${folder}`, unit: 'files', done, total: files.length })
      return header && { item, height: header.autoOrient.height, width: header.autoOrient.width }
    },
    { concurrency: 8 },
  )
  const known = sizes.filter((one) => one !== undefined)
  const first = known[0]
  // Decoding says of each file why it cannot be read.
  if (first === undefined) return [1, 1]
  const other = known.find(({ height, width }) => height !== first.height || width !== first.width)
  if (other !== undefined)
    throw new UsageError(
      `${folder}: images differ in size (${first.item} is ${first.width} pixels wide and ${first.height} high, ${other.item} ${other.width} and ${other.height}): give a size, as in imageFolder('${folder}', { size: 64 })`,
    )
  return [first.height, first.width]
}

const FITS = { cover: 'cover', contain: 'contain', stretch: 'fill' } as const

/** Makes one image into a sample; see {@link imageFolder}. */
export function decoder({ channels, fit, background: given }: Omit<Config, 'keep'>, [height, width]: Size): Decoder {
  const [r, g, b] = typeof given === 'number' ? [given, given, given] : given
  const background = { r, g, b }
  const planes = channels === 'grey' ? 1 : 3
  return {
    dtype: 'uint8',
    shape: [planes, height, width],
    settings: { fit, background, libraries: sharp.versions },
    decode: async (path) => {
      const { data, info } = await open(path)
        .flatten({ background })
        .resize({ width, height, fit: FITS[fit], background, fastShrinkOnLoad: false })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true })
      return channels === 'grey' ? luma(data, info.channels) : planar(data, info.channels)
    },
  }
}

/** From pixels side by side to planes, red first; grey pixels become colours. */
function planar(pixels: Uint8Array, channels: number): Uint8Array {
  const size = pixels.length / channels
  const out = new Uint8Array(3 * size)
  for (let plane = 0; plane < 3; plane++) {
    const from = Math.min(plane, channels - 1)
    for (let i = 0; i < size; i++) out[plane * size + i] = pixels[i * channels + from] ?? 0
  }
  return out
}

function luma(pixels: Uint8Array, channels: number): Uint8Array {
  const out = new Uint8Array(pixels.length / channels)
  for (let i = 0; i < out.length; i++) {
    const at = i * channels
    const [red = 0, green = red, blue = red] =
      channels < 3 ? [pixels[at]] : [pixels[at], pixels[at + 1], pixels[at + 2]]
    // In parts of 2^16, which add up to 1: whites and greys stay what they are.
    out[i] = (19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >>> 16
  }
  return out
}
