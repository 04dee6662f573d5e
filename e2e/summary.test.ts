import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, example, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const summarySchema = z.object({
  name: z.string(),
  input: z.array(z.number()),
  parameters: z.number(),
  macs: z.number(),
  bytes: z.number(),
  rows: z.array(
    z.object({ path: z.string(), layer: z.string(), outputShape: z.array(z.number()), parameters: z.number() }),
  ),
})

describe('assay summary', () => {
  it('tells the layers of an experiment’s model for its data', async () => {
    const { code, stdout, stderr } = await assay(folder, 'summary', example('mnist-convnet.ts'))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n').map((line) => line.trim())
    expect(lines[0]).toBe('mnist-convnet  samples of 1×28×28')
    expect(lines[1]).toMatch(/^weights +layer +output +parameters +MACs +sees$/)
    expect(lines[2]).toMatch(/^0 +Conv2d\(outChannels 16, kernel 3, padding same, bias\) +16×28×28 +160 +112,896 +3×3$/)
    expect(lines[9]).toMatch(/^7 +Linear\(outFeatures 128, bias\) +128 +200,832 +200,704 +28×28$/)
    expect(stdout).toContain('206,922 parameters, 827.7 kB; 1,218,048 multiply-accumulates a sample')
  })

  it('gives the same as JSON, and draws it', async () => {
    const args = ['--json', '--svg', 'drawn/net.svg', '--png', 'drawn/net.png']
    const { code, stdout, stderr } = await assay(folder, 'summary', example('mnist-convnet.ts'), ...args)
    expect(code).toBe(0)
    expect(stderr).toBe(`written: ${join(folder, 'drawn/net.svg')}\nwritten: ${join(folder, 'drawn/net.png')}\n`)
    const found = summarySchema.parse(JSON.parse(stdout))
    expect(found).toMatchObject({ name: 'mnist-convnet', input: [1, 28, 28], parameters: 206_922, bytes: 827_688 })
    expect(found.rows.at(-1)).toMatchObject({ path: '10', outputShape: [10], parameters: 1290 })
    const svg = await readFile(join(folder, 'drawn/net.svg'), 'utf8')
    expect(svg).toContain('conv 3×3, 16')
    const [drawn, given] = await Promise.all([
      sharp(join(folder, 'drawn/net.png')).metadata(),
      sharp(Buffer.from(svg)).metadata(),
    ])
    expect(drawn.format).toBe('png')
    expect(drawn.width).toBeCloseTo(2 * (given.width ?? 0), -1)
  })

  it('takes another shape without loading the data', async () => {
    const { code, stdout } = await assay(folder, 'summary', example('mnist-convnet.ts'), '--input', '3,64,64', '--json')
    expect(code).toBe(0)
    const { input, rows } = summarySchema.parse(JSON.parse(stdout))
    expect(input).toEqual([3, 64, 64])
    expect(rows[0]).toMatchObject({ outputShape: [16, 64, 64], parameters: 448 })
  })

  it.each([
    [['--input', '3,x'], /--input is "3,x": give the sizes of one sample, as in 1,28,28/],
    [['--input', '784'], /layer "0", Conv2d.*conv2d needs \[batch, channels, height, width\] and \[1, 784\] came in/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await assay(folder, 'summary', example('mnist-convnet.ts'), ...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('names a file that is no experiment', async () => {
    const { code, stderr } = await assay(folder, 'summary', 'nothing.ts')
    expect(code).toBe(2)
    expect(stderr).toContain('there is no experiment file')
  })
})
