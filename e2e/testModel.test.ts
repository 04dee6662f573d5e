import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { gather } from '../src/data/index.ts'
import { mnist, readCsv } from '../src/data/node.ts'
import { assay, scratch } from './assay.ts'

const SOURCE = `import { accuracy, adam, crossEntropy, experiment, leNet5, mnist, relu, standardize } from 'assay'

export default experiment({
  name: 'digits',
  data: mnist(),
  split: { validation: 59_400 },
  prepare: [standardize()],
  model: leNet5({ activation: relu }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 5e-3 }),
  batchSize: 32,
  epochs: 2,
  metrics: [accuracy()],
  evaluation: { everyEpochs: 2 },
})
`

let folder = ''
let run = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  await writeFile(join(folder, 'digits.ts'), SOURCE)
  const { code, stderr } = await assay(folder, 'run', 'digits.ts')
  expect([code, stderr.includes('error')]).toEqual([0, false])
  ;[run = ''] = await readdir(join(folder, 'runs'))
  const { test } = await mnist().load()
  const { inputs } = await gather(test, Uint32Array.of(0, 1, 2))
  await mkdir(join(folder, 'new'))
  for (let i = 0; i < 3; i++)
    await sharp(inputs.slice(784 * i, 784 * (i + 1)), { raw: { width: 28, height: 28, channels: 1 } })
      .png()
      .toFile(join(folder, `new/${i}.png`))
}, 120_000)
afterAll(() => remove())

const filesOf = async (): Promise<string[]> => (await readdir(join(folder, 'runs', run), { recursive: true })).sort()

describe('assay test-model', () => {
  it('judges the test split as the run did, and writes nothing into its folder', async () => {
    const before = await filesOf()
    const { code, stdout } = await assay(folder, 'test-model', 'latest')
    expect(code).toBe(0)
    expect(stdout).toContain(`${run} on mnist, test split: 10,000 samples`)
    expect(stdout).toMatch(/accuracy +\d\d\.\d\d % +\d\d\.\d\d % to \d\d\.\d\d % +Wilson/)
    expect(stdout).toContain('The predictions are the same as the stored predictions, bit for bit.')
    const summary = z
      .object({ test: z.object({ accuracy: z.object({ last: z.number() }) }) })
      .parse(JSON.parse(await readFile(join(folder, 'runs', run, 'summary.json'), 'utf8')))
    expect(stdout).toContain(`${(100 * summary.test.accuracy.last).toFixed(2)} %`)
    expect(await filesOf()).toEqual(before)
  })

  it('predicts new images and writes what it says of them', async () => {
    const args = ['test-model', 'latest', '--data', 'new', '--out', 'said.csv', '--json']
    const { code, stdout, stderr } = await assay(folder, ...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: `written: ${join(folder, 'said.csv')}\n` })
    const said = z
      .object({ samples: z.number(), predictions: z.array(z.object({ sample: z.string(), predicted: z.string() })) })
      .parse(JSON.parse(stdout))
    expect(said.predictions.map(({ sample }) => sample)).toEqual(['0.png', '1.png', '2.png'])
    const table = await readCsv(join(folder, 'said.csv'))
    expect([table.length, table.names.slice(0, 4)]).toEqual([3, ['index', 'file', 'predicted', 'predicted_name']])
    expect(table.column('predicted')).toMatchObject({
      values: Float64Array.from(said.predictions, (one) => Number(one.predicted)),
    })
  })

  it('takes the network and the weights as foreign files', async () => {
    const path = join('runs', run)
    const onnx = await assay(folder, 'test-model', join(path, 'model.onnx'), '--data', 'mnist', '--json')
    const weights = join(path, 'checkpoints/final.safetensors')
    const tensors = await assay(folder, 'test-model', weights, '--model', 'digits.ts', '--json')
    const scores = z.object({ scores: z.object({ accuracy: z.object({ value: z.number() }) }) })
    const [a, b] = [onnx, tensors].map(({ stdout }) => scores.parse(JSON.parse(stdout)).scores.accuracy.value)
    expect(a).toBeCloseTo(b ?? Number.NaN, 3)
    expect(tensors.stderr).toContain('note: the preparation is fitted on the training split of mnist')
  })

  it.each([
    [['latest', '--data', 'nowhere'], 'there is no "nowhere"'],
    [['latest', '--range', '1,0'], '--range is "1,0"'],
    [['latest', '--out', 'said.txt'], 'written as .parquet or .csv'],
    [['w.safetensors', '--data', 'mnist'], 'holds weights alone'],
  ])('ends with code 2 and a way out for %j', async (args, message) => {
    const { code, stderr } = await assay(folder, 'test-model', ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})

describe('assay features', () => {
  it('draws the first layers and filters, with numbers and a sentence beside each', async () => {
    const { code, stdout } = await assay(folder, 'features', 'latest', '--inputs', '0,7')
    expect(code).toBe(0)
    expect(stdout).toContain('conv1\n  conv1 makes 6 maps of 28 × 28 of each of 2 inputs, with values from −')
    const place = join(folder, 'runs', run, 'figures/features')
    const names = ['act1', 'act2', 'conv1', 'conv2']
    expect(await readdir(place)).toEqual(
      [
        ...names.flatMap((name) => ['csv', 'parquet', 'png', 'txt'].map((end) => `${name}.${end}`)),
        ...['csv', 'png', 'txt'].map((end) => `filters-conv1.${end}`),
      ].sort(),
    )
    const table = await readCsv(join(place, 'act2.csv'))
    expect([table.length, table.names]).toEqual([
      32,
      ['input', 'layer', 'channel', 'mean', 'magnitude', 'min', 'max', 'zeros'],
    ])
    expect((await sharp(join(place, 'act2.png')).metadata()).width).toBeGreaterThan(1000)
  })

  it('takes layers by name and an image, elsewhere', async () => {
    const args = ['features', 'latest', '--layer', 'pool2', '--data', 'new/1.png', '--out', 'seen', '--json']
    const { code, stdout } = await assay(folder, ...args)
    expect(code).toBe(0)
    const { findings } = z
      .object({
        findings: z.array(z.object({ picture: z.string(), rows: z.array(z.record(z.string(), z.unknown())) })),
      })
      .parse(JSON.parse(stdout))
    expect(findings.map(({ picture }) => picture)).toEqual(
      ['pool2', 'filters-conv1'].map((name) => join(folder, `seen/${name}.png`)),
    )
    expect(findings[0]?.rows[0]).toMatchObject({ input: '1.png', layer: 'pool2', channel: 0 })
    const wrong = await assay(folder, 'features', 'latest', '--layer', 'fc1')
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('layer fc1, Linear(outFeatures 120, bias), puts out [120], which is no map')
  })
})
