import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { resample } from '../audio/resample.ts'
import { parseWav } from '../audio/wav.ts'
import type { DataSource } from '../dataset.ts'
import type { Decoder } from '../files/decodedFiles.ts'
import { type FolderOptions, folderSchema, loadFolder } from '../files/folderSource.ts'

export interface AudioFolderOptions extends FolderOptions {
  /** Length of all samples: what is longer is cut off, what is shorter is followed by silence. */
  readonly seconds: number
  /** Samples a second, to which all recordings are brought. Default 16,000. */
  readonly rate?: number
  /** `mono` is the mean of a recording's channels. For `stereo`, mono recordings are on both. Default `mono`. */
  readonly channels?: 'mono' | 'stereo'
}

const schema = z.strictObject({
  ...folderSchema,
  seconds: z.number().positive(),
  rate: z.int().min(1),
  channels: z.enum(['mono', 'stereo']),
})

/**
 * Recordings in a folder that has one folder for each class, or `train` and `test` that have them: WAV files (whole numbers of
 * 8 to 32 bits, or floats) become float32 [1, rate · seconds], or [2, …] in stereo; full scale is −1 to 1. Classes and
 * files are taken by name in the order of code points; hidden files are passed over, and files that cannot be decoded are
 * listed as left out. What was decoded is kept in the cache (`ASSAY_CACHE`) until files or options change; more than 512 MB
 * is read from there batch by batch.
 *
 * @throws UsageError for an option that is out of range, and at loading when there are not two classes with recordings
 *
 * @example
 * audioFolder('words', { seconds: 1 })
 */
export function audioFolder(folder: string, options: AudioFolderOptions): DataSource {
  const { keep, ...config } = parseConfig('audioFolder', schema, { rate: 16_000, channels: 'mono', ...options })
  return {
    kind: 'audioFolder',
    config: { folder, ...config },
    load: (hooks) =>
      loadFolder(
        {
          ...options,
          folder,
          kind: { what: 'recording', extensions: ['.wav', '.wave'] },
          decoder: async () => decoder(config),
        },
        hooks,
      ),
  }
}

/** Makes one recording into a sample; see {@link audioFolder}. */
export function decoder({ seconds, rate, channels }: Omit<z.infer<typeof schema>, 'keep'>): Decoder {
  const length = Math.max(1, Math.round(seconds * rate))
  const count = channels === 'mono' ? 1 : 2
  return {
    dtype: 'float32',
    shape: [count, length],
    settings: { rate, filter: 1 },
    decode: async (path) => {
      const wav = parseWav(await readFile(path))
      if (wav.channels[0]?.length === 0) throw new Error('it has no sound: its length is 0')
      const out = new Float32Array(count * length)
      for (const [c, channel] of mixed(wav.channels, count).entries()) {
        if (!channel.every(Number.isFinite)) throw new Error('it holds a value that is no finite number')
        out.set(resample(channel, wav.rate, rate).subarray(0, length), c * length)
      }
      return out
    },
  }
}

/** As many channels as are asked for: their mean, the first two, or the only one twice. */
function mixed(channels: readonly Float32Array[], count: number): readonly Float32Array[] {
  const [first = new Float32Array(), second = first] = channels
  if (count === 2) return [first, second]
  if (channels.length < 2) return [first]
  return [first.map((_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length)]
}
