import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { parseWav } from './wav.ts'

const golden = z
  .array(
    z.strictObject({ name: z.string(), base64: z.string(), rate: z.number(), channels: z.array(z.array(z.number())) }),
  )
  .parse(JSON.parse(readFileSync(new URL('fixtures/wav.json', import.meta.url), 'utf8')))

test.each(golden.map((one) => [one.name, one] as const))('reads %s as SciPy does', (_, { base64, rate, channels }) => {
  const wav = parseWav(Buffer.from(base64, 'base64'))
  expect(wav.rate).toBe(rate)
  expect(wav.channels.map((channel) => [...channel])).toEqual(
    channels.map((channel) => [...Float32Array.from(channel)]),
  )
})

const number = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntLE(value, 0, bytes)
  return buffer
}
const chunk = (kind: string, body: Buffer, declared = body.length): Buffer =>
  Buffer.concat([Buffer.from(kind), number(declared, 4), body, Buffer.alloc(body.length % 2)])
const wave = (...chunks: Buffer[]): Buffer => chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]))
const format = (tag = 1, channels = 1, bits = 16, more = Buffer.alloc(0)): Buffer =>
  chunk(
    'fmt ',
    Buffer.concat([
      number(tag, 2),
      number(channels, 2),
      number(8000, 4),
      number(16000, 4),
      number(2, 2),
      number(bits, 2),
      more,
    ]),
  )
const sound = Buffer.from([0, 64, 0, 192])
const heard = (bytes: Buffer) => parseWav(bytes).channels.map((channel) => [...channel])

describe('finds the sound', () => {
  test.each([
    ['behind a chunk of odd length', wave(format(), chunk('LIST', Buffer.from('abc')), chunk('data', sound))],
    ['before a chunk of odd length', wave(format(), chunk('data', sound), chunk('LIST', Buffer.from('abc')))],
    ['of a length that the recorder did not know', wave(format(), chunk('data', sound, 0xffffffff))],
    ['of a length that the recorder left out', wave(format(), chunk('data', sound, 0))],
    [
      'in the extensible format',
      wave(
        format(0xfffe, 1, 16, Buffer.concat([number(22, 2), Buffer.alloc(6), number(1, 2), Buffer.alloc(14)])),
        chunk('data', sound),
      ),
    ],
    [
      'in a view into a larger buffer',
      Buffer.concat([Buffer.alloc(3), wave(format(), chunk('data', sound))]).subarray(3),
    ],
  ])('%s', (_, bytes) => {
    expect(heard(bytes)).toEqual([[0.5, -0.5]])
  })
  test('that has no sample', () => {
    expect(heard(wave(format(1, 2), chunk('data', Buffer.alloc(0))))).toEqual([[], []])
  })
})

test.each([
  ['another kind of file', Buffer.from('ID3 this is an MP3'), 'it does not begin as a WAV file'],
  ['nothing', Buffer.alloc(0), 'it does not begin as a WAV file'],
  [
    'half a file',
    wave(format(), chunk('data', Buffer.alloc(100))).subarray(0, -40),
    'its "data" chunk has 60 of 100 bytes',
  ],
  ['no sound', wave(format()), 'there is no "data" chunk'],
  ['sound without format', wave(chunk('data', sound)), 'its sound comes before its format'],
  ['compressed sound', wave(format(0x11, 1, 4), chunk('data', sound)), 'a way that is not read (format 17, 4 bits)'],
  ['no channel', wave(format(1, 0), chunk('data', sound)), 'it has 0 channels'],
])('refuses %s', (_, bytes, message) => {
  expect(() => parseWav(bytes)).toThrow(message)
})
