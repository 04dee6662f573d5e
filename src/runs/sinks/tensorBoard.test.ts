import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sinkRunOf } from '../../testing/sinkRun.ts'
import type { MetricRecord } from '../records.ts'
import { crc32c } from './crc32c.ts'
import { tensorBoardSink } from './tensorBoard.ts'

/** Debian's python3 with python3-protobuf and python3-crcmod: real TensorBoard is in no package that the tests may ask for. */
const PYTHON = '/usr/bin/python3'
const hasReader = spawnSync(PYTHON, ['-c', 'import google.protobuf, crcmod']).status === 0
if (!hasReader) console.warn(`${PYTHON} has no protobuf or no crcmod: event files are not read back here`)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const eventsSchema = z.record(
  z.string(),
  z.array(
    z.object({
      time: z.number(),
      step: z.number(),
      version: z.string(),
      status: z.number(),
      values: z.record(z.string(), z.string()),
    }),
  ),
)

/** The points of each file's folder, as `[tag, step, value]`, and whether each file begins as it must. */
function read(): Record<string, (readonly [string, number, number])[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('tfevents'))
  const script = join(import.meta.dirname, 'readEvents.py')
  const json = execFileSync(PYTHON, [script, ...files.map((name) => join(folder, name))], { encoding: 'utf8' })
  const read = eventsSchema.parse(JSON.parse(json))
  return Object.fromEntries(
    files.map((name) => {
      const [version, start, ...points] = read[join(folder, name)] ?? []
      expect(version?.version).toBe('brain.Event:2')
      expect(start?.status).toBe(1)
      const triples = points.flatMap(({ step, values }) =>
        Object.entries(values).map(([tag, value]) => [tag, step, Number(value)] as const),
      )
      return [dirname(name), triples]
    }),
  )
}

const record = (split: string, name: string, step: number, value: number): MetricRecord => ({
  ...{ split, name, step, value, epoch: step / 10, time: step / 4 },
})
const warn = (text: string): void => {
  throw new Error(text)
}

it('checks as RFC 3720 does', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
})

describe.skipIf(!hasReader)('event files', () => {
  it('hold the metrics of each split by name, whatever their values', async () => {
    const run = sinkRunOf(folder)
    const sink = tensorBoardSink(folder)(run, warn)
    sink.write([record('train', 'batchLoss', 1, 0.5), record('train', 'batchLoss', 2, Number.NaN)])
    sink.write([record('train', 'loss', 10, 0), record('validation', 'loss', 10, 1e-8)])
    sink.write([record('validation', 'accuracy', 10, 0.75), record('test', 'loss', 300_000_000_000, 0.25)])
    await sink.end('finished')
    expect(read()).toEqual({
      [`${run.manifest.id}/train`]: [
        ['batch_loss', 1, 0.5],
        ['batch_loss', 2, Number.NaN],
        ['loss', 10, 0],
      ],
      [`${run.manifest.id}/validation`]: [
        ['loss', 10, Math.fround(1e-8)],
        ['accuracy', 10, 0.75],
      ],
      [`${run.manifest.id}/test`]: [['loss', 300_000_000_000, 0.25]],
    })
  })

  it('of a resumed run hold no point twice, and none that is to be made again', () => {
    const run = sinkRunOf(folder)
    const early = [record('train', 'loss', 10, 0.5), record('validation', 'loss', 10, 0.6)]
    const killed = tensorBoardSink(folder)(run, warn)
    killed.write([...early, record('train', 'loss', 20, 0.4), record('other', 'loss', 20, 0.4)])
    const resumed = tensorBoardSink(folder)(sinkRunOf(folder, { records: early }), warn)
    resumed.write([record('train', 'loss', 20, 0.4)])
    expect(read()).toEqual({
      [`${run.manifest.id}/train`]: [
        ['loss', 10, 0.5],
        ['loss', 20, Math.fround(0.4)],
      ],
      [`${run.manifest.id}/validation`]: [['loss', 10, Math.fround(0.6)]],
    })
  })
})

it('refuses a folder that cannot be one, and warns once where writing fails', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => tensorBoardSink(join(folder, 'file'))).toThrow(/--tensorboard: .*file cannot be made a folder/)
  const said: string[] = []
  const run = sinkRunOf(folder)
  const sink = tensorBoardSink(join(folder, 'logs'))(run, (text) => said.push(text))
  rmSync(join(folder, 'logs'), { recursive: true })
  writeFileSync(join(folder, 'logs'), '')
  sink.write([record('train', 'loss', 1, 1)])
  sink.write([record('train', 'loss', 2, 1)])
  expect(said).toEqual([expect.stringContaining('get no more of this run')])
})
