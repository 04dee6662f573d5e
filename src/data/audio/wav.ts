/** Sound as it was recorded. */
export interface Wav {
  /** Samples a second. */
  readonly rate: number
  /** One array for each channel, as long as each other; −1 to 1 for whole numbers, floats as they are. */
  readonly channels: readonly Float32Array[]
}

const PCM = 1
const FLOAT = 3
/** The format is told by the first two bytes of a longer description. */
const EXTENSIBLE = 0xfffe

interface Format {
  readonly rate: number
  readonly channels: number
  readonly bits: number
  readonly isFloat: boolean
}

/**
 * Reads a WAV file: whole numbers of 8, 16, 24 or 32 bits, divided by 2^(bits − 1), or floats of 32 or 64 bits. Chunks
 * that are neither format nor sound are passed over.
 *
 * Written here because the packages that are kept up lose their way behind a chunk of odd length, and none tells that a
 * file was cut short.
 *
 * Source: IBM and Microsoft, "Multimedia programming interface and data specifications 1.0" (1991).
 *
 * @throws Error saying what is wrong with the file
 *
 * @example
 * const { rate, channels } = parseWav(await readFile('bark.wav'))
 */
export function parseWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw new Error('it does not begin as a WAV file')
  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [kind, declared, begin] = [text(at), view.getUint32(at + 4, true), at + 8]
    // Recorders that write to a pipe do not know the length beforehand, and write none or the largest.
    const isOpen = kind === 'data' && (declared === 0 || declared === 0xffffffff)
    const length = isOpen ? bytes.length - begin : declared
    if (begin + length > bytes.length)
      throw new Error(`it is cut short: its "${kind.trim()}" chunk has ${bytes.length - begin} of ${length} bytes`)
    if (kind === 'fmt ') format = formatOf(view, begin, length)
    else if (kind === 'data') {
      if (format === undefined) throw new Error('its sound comes before its format')
      return { rate: format.rate, channels: samples(view, begin, length, format) }
    }
    // Chunks begin at even places.
    at = begin + length + (length % 2)
  }
  throw new Error('it has no sound: there is no "data" chunk')
}

function formatOf(view: DataView, at: number, length: number): Format {
  if (length < 16) throw new Error('its format is cut short')
  const declared = view.getUint16(at, true)
  const tag = declared === EXTENSIBLE && length >= 40 ? view.getUint16(at + 24, true) : declared
  const channels = view.getUint16(at + 2, true)
  const rate = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  const known = tag === PCM ? [8, 16, 24, 32] : tag === FLOAT ? [32, 64] : []
  if (!known.includes(bits))
    throw new Error(
      `its sound is coded in a way that is not read (format ${tag}, ${bits} bits): save it as PCM of 8, 16, 24 or 32 bits, or as floats`,
    )
  if (channels === 0 || rate === 0) throw new Error(`it has ${channels} channels at ${rate} samples a second`)
  return { rate, channels, bits, isFloat: tag === FLOAT }
}

function samples(view: DataView, begin: number, length: number, { channels, bits, isFloat }: Format): Float32Array[] {
  const bytes = bits / 8
  const count = Math.floor(length / (bytes * channels))
  const read = reader(view, bits, isFloat)
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: count }, (_, i) => read(begin + (i * channels + channel) * bytes)),
  )
}

/** Reads the sample at a place. */
function reader(view: DataView, bits: number, isFloat: boolean): (at: number) => number {
  if (isFloat) return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true)
  switch (bits) {
    case 8:
      // The one format whose zero is in the middle.
      return (at) => (view.getUint8(at) - 128) / 2 ** 7
    case 16:
      return (at) => view.getInt16(at, true) / 2 ** 15
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23
    default:
      return (at) => view.getInt32(at, true) / 2 ** 31
  }
}
