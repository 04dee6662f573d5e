import { extname } from 'node:path'
import pMap from 'p-map'
import sharp from 'sharp'
import * as z from 'zod'
import { type Listing, listClassFolders } from '../../data/files/classFolders.ts'
import { type Decoder, decodeFiles } from '../../data/files/decodedFiles.ts'
import type { DataSource, LoadHooks } from '../../data/index.ts'
import { decoder as soundDecoder } from '../../data/sources/audioFolder.ts'
import { EXTENSIONS as IMAGES, decoder as imageDecoder } from '../../data/sources/imageFolder.ts'
import { UsageError } from '../../errors.ts'
import { formatShape } from '../../tensor/index.ts'
import type { TestedModel } from './model.ts'
import { all, type Samples } from './samples.ts'

/** Endings of the names of recordings. */
export const SOUNDS: readonly string[] = ['.wav', '.wave']

export interface MediaOptions {
  /** Bring images of another size to the model's, as `imageFolder` does; default: only where the model was trained on such. */
  readonly resize?: boolean
  /** The data source that the model was trained on: images are read as it read them. */
  readonly source?: DataSource
}

/** Files that are given, or a folder that has a folder for each class. */
type Given = { readonly name: string; readonly folder: string } & Partial<Listing>

/** How `imageFolder` and `audioFolder` make files into samples. */
const imageConfig = z.object({
  channels: z.enum(['grey', 'colour']),
  fit: z.enum(['cover', 'contain', 'stretch']),
  background: z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]),
  size: z.unknown().optional(),
})
const soundConfig = z.object({ seconds: z.number(), rate: z.number(), channels: z.enum(['mono', 'stereo']) })

/** Images or recordings as samples of the model; colours become grey for a model that takes grey. */
export async function mediaSamples(
  { name, folder, classes, files, leftOut = [] }: Given,
  model: TestedModel,
  options: MediaOptions,
  hooks: LoadHooks,
): Promise<Samples> {
  if (model.sample.length < 2)
    throw new UsageError(
      `${model.name} takes samples of ${formatShape(model.sample)}, which are no images or recordings: give a table`,
    )
  const isSound = model.sample.length === 2
  const what = isSound ? 'recording' : 'image'
  const extensions = isSound ? SOUNDS : IMAGES
  const listing: Listing =
    files === undefined || classes === undefined
      ? await listClassFolders(folder, { what, extensions })
      : {
          classes,
          files: files.filter(({ item }) => extensions.includes(extname(item).toLowerCase())),
          leftOut,
        }
  if (listing.files.length === 0)
    throw new UsageError(
      `${folder} has no ${what}s (${extensions.join(', ')}), and ${model.name} takes ${what}s, ${formatShape(model.sample)}`,
    )
  const decoder = isSound ? soundsOf(model, options) : await imagesOf(listing, model, options)
  const decoded = await decodeFiles({ name, folder }, listing, decoder, hooks)
  const { dataset } = decoded
  if (dataset.length === 0) {
    const [first] = decoded.leftOut
    throw new UsageError(`${folder}: no ${what} can be read (${first?.item}: ${first?.reason})`)
  }
  const failed = new Set(decoded.leftOut.map(({ item }) => item))
  return {
    name,
    dataset,
    indices: all(dataset.length),
    labelled: listing.classes.length > 0,
    origins: { column: 'file', values: listing.files.map(({ item }) => item).filter((item) => !failed.has(item)) },
    leftOut: [...listing.leftOut, ...decoded.leftOut],
    notes: [],
  }
}

function soundsOf({ name, sample }: TestedModel, { source }: MediaOptions): Decoder {
  const config = soundConfig.safeParse(source?.kind === 'audioFolder' ? source.config : undefined)
  if (!config.success)
    throw new UsageError(
      `${name} takes ${formatShape(sample)} and was not trained on an audioFolder(…): how its sounds were sampled is not known, so give its data as an experiment file`,
    )
  return soundDecoder(config.data)
}

async function imagesOf({ files }: Listing, model: TestedModel, { resize, source }: MediaOptions): Promise<Decoder> {
  const [channels, height, width] = model.sample
  if (height === undefined || width === undefined || (channels !== 1 && channels !== 3) || model.sample.length !== 3)
    throw new UsageError(
      `${model.name} takes samples of ${formatShape(model.sample)}, and images are [1, height, width] or [3, height, width]: give data of that shape`,
    )
  const own = imageConfig.safeParse(source?.kind === 'imageFolder' ? source.config : undefined)
  const sizes = resize === true || (own.success && own.data.size !== undefined)
  if (!sizes) await requireSize(files, model, [height, width])
  const { fit, background } = own.success ? own.data : { fit: 'cover' as const, background: 0 }
  return imageDecoder({ channels: channels === 1 ? 'grey' : 'colour', fit, background }, [height, width])
}

/** Images of another size are not brought to the model's without being asked: it may have been trained on what was cut, not shrunk. */
async function requireSize(
  files: Listing['files'],
  { name }: TestedModel,
  [height, width]: readonly [number, number],
): Promise<void> {
  const sizes = await pMap(
    files,
    async ({ path, item }) => {
      // Decoding says of each file why it cannot be read.
      const header = await sharp(path)
        .metadata()
        .catch(() => undefined)
      return header && { item, height: header.autoOrient.height, width: header.autoOrient.width }
    },
    { concurrency: 8 },
  )
  const others = sizes.filter((one) => one !== undefined && (one.height !== height || one.width !== width))
  const [first] = others
  if (first !== undefined)
    throw new UsageError(
      `${name} takes images of ${height} × ${width} pixels (height × width), and ${first.item} has ${first.height} × ${first.width}${others.length > 1 ? `, as ${others.length - 1} more have another size` : ''}: give --resize to bring them to that size`,
    )
}
