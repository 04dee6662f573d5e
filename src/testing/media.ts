import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { foldIn, key, normal } from '../random/index.ts'

const put = async (path: string, content: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

/**
 * Colour PNGs of noise, reddish cats and bluish dogs, 40 × 30 pixels and every fifth 60 × 40; one file that is no image, and one cut short.
 *
 * @param isFlat without folders for the classes
 */
export async function writePngs(
  folder: string,
  { each, isFlat = false }: { each: number; isFlat?: boolean },
): Promise<void> {
  for (const [c, name] of ['cat', 'dog'].entries()) {
    const place = isFlat ? join(folder, name) : `${join(folder, name)}/`
    for (let i = 0; i < each; i++) {
      const [width, height] = i % 5 === 0 ? [60, 40] : [40, 30]
      const noise = normal(foldIn(key(c), i), 3 * width * height, { std: 30 })
      const pixels = Uint8Array.from(noise, (value, at) =>
        Math.max(0, Math.min(255, value + (at % 3 === 2 * c ? 200 : 80))),
      )
      await put(
        `${place}${i}.png`,
        await sharp(pixels, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      )
    }
    const whole = await readFile(`${place}1.png`)
    await put(
      `${place}${c === 0 ? 'broken' : 'cut'}.png`,
      c === 0 ? Buffer.from('no image') : whole.subarray(0, whole.length / 2),
    )
  }
}

const RATE = 8000

/** One second of a tone that fades, 250 Hz (low) or 2,000 Hz (high), as mono WAV of 16 bits; and one file that is no sound. */
export async function writeWavs(folder: string, { each }: { each: number }): Promise<void> {
  for (const [name, frequency] of [
    ['low', 250],
    ['high', 2000],
  ] as const)
    for (let i = 0; i < each; i++) {
      const noise = normal(foldIn(key(frequency), i), RATE, { std: 0.01 })
      const tone = noise.map(
        (value, at) => value + 0.5 * Math.exp((-2 * at) / RATE) * Math.sin((2 * Math.PI * frequency * at) / RATE),
      )
      await put(join(folder, name, `${i}.wav`), wav(tone))
    }
  await put(join(folder, 'low', 'broken.wav'), Buffer.from('RIFF'))
}

function wav(values: Float32Array): Buffer {
  const file = Buffer.alloc(44 + 2 * values.length)
  file.write('RIFF')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(RATE, 24)
  file.writeUInt32LE(2 * RATE, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(2 * values.length, 40)
  for (const [i, value] of values.entries())
    file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_767), 44 + 2 * i)
  return file
}
