import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeSafetensors } from '../src/nn/index.ts'
import { assay, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
const FILE = 'small.ts'
const SOURCE = `import { adam, arrays, crossEntropy, dropout, experiment, linear, relu, sequential, standardize } from 'assay'

export default experiment({
  name: 'small',
  data: arrays({
    name: 'points',
    inputs: { data: Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)), shape: [2] },
    targets: { task: 'classification', labels: Array.from({ length: 40 }, (_, i) => i % 2), classes: ['even', 'odd'] },
  }),
  prepare: [standardize()],
  model: sequential(linear(4), relu(), dropout(0.2), linear(2)),
  loss: crossEntropy(),
  optimizer: adam(),
  batchSize: 8,
  epochs: 1,
})
`

beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  await writeFile(join(folder, FILE), SOURCE)
  const { code, stderr } = await assay(folder, 'run', FILE, '--seed', '4', '--set', 'optimizer.lr=0.05')
  expect([code, stderr.includes('error')]).toEqual([0, false])
  const [run = ''] = await readdir(join(folder, 'runs'))
  await cp(join(folder, 'runs', run), join(folder, 'unfinished'), { recursive: true })
  await rm(join(folder, 'unfinished/model.onnx'))
})
afterAll(() => remove())

const outcome = z.object({
  run: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
})

describe('assay export', () => {
  it('writes the network, the weights and a training step with the update inside', async () => {
    const files = ['--model', 'net.onnx', '--weights', 'net.safetensors', '--train-step', 'step.onnx']
    const { code, stdout, stderr } = await assay(
      folder,
      'export',
      'latest',
      ...files,
      '--update',
      '--batch',
      '5',
      '--json',
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { run, files: written } = outcome.parse(JSON.parse(stdout))
    expect(written.map(({ path }) => path)).toEqual(
      ['net.onnx', 'net.safetensors', 'step.onnx'].map((name) => join(folder, name)),
    )
    const { tensors, metadata } = decodeSafetensors(await readFile(join(folder, 'net.safetensors')))
    expect(Object.keys(tensors)).toEqual(['0.bias', '0.weight', '3.bias', '3.weight'])
    expect(metadata.run).toBe(run)

    const net = await ort.InferenceSession.create(join(folder, 'net.onnx'))
    expect([net.inputNames, net.outputNames]).toEqual([['input'], ['output']])
    const step = await ort.InferenceSession.create(join(folder, 'step.onnx'))
    expect(step.inputNames).toEqual(expect.arrayContaining(['0.weight', 'random.2', 'optimizer.exp_avg_sq.3.bias']))
    expect(step.inputMetadata.find(({ name }) => name === 'x')).toMatchObject({ type: 'float32', shape: [5, 2] })
    expect(step.outputNames).toContain('new.3.weight')
  })

  it('finds the experiment file elsewhere when it is told', async () => {
    await writeFile(join(folder, 'moved.ts'), SOURCE)
    const { code } = await assay(folder, 'export', 'latest', '--train-step', 'grad.onnx', '--file', 'moved.ts')
    expect(code).toBe(0)
    const step = await ort.InferenceSession.create(join(folder, 'grad.onnx'))
    expect(step.outputNames).toContain('grad.0.weight')
  })

  it('writes the tables and the events of all runs', async () => {
    const { code, stdout, stderr } = await assay(
      folder,
      ...['export', '--all', '--csv', 'tables', '--parquet', 'tables', '--tensorboard', 'events'],
    )
    expect([code, stderr]).toEqual([0, ''])
    const names = ['metrics', 'predictions', 'runs', 'seeds', 'summary']
    const files = await readdir(join(folder, 'tables'))
    expect(files.sort()).toEqual(names.flatMap((name) => [`${name}.csv`, `${name}.parquet`]))
    expect(stdout).toMatch(/predictions\.csv {2}\d+ rows\n/)
    expect(await readdir(join(folder, 'events'))).toEqual(await readdir(join(folder, 'runs')))
  })

  it.each([
    ['nothing asked for', ['latest'], 'say what to write, with --model'],
    ['no run', ['--csv', 'tables'], 'say which runs'],
    ['runs and all of them', ['latest', '--all', '--csv', 'tables'], 'say which runs'],
    ['no such run', ['no-such-run', '--model', 'a.onnx'], 'no-such-run'],
    ['no such folder', ['latest', '--model', 'a.onnx', '--weights', 'no/b.safetensors'], 'there is no folder'],
    ['a folder for a file', ['latest', '--model', 'runs'], 'is a folder'],
    ['one file for two things', ['latest', '--model', 'a.onnx', '--train-step', './a.onnx'], 'is to be two files'],
    ['--update alone', ['latest', '--model', 'a.onnx', '--update'], 'are for --train-step'],
    ['half a batch', ['latest', '--train-step', 'a.onnx', '--batch', '0.5'], '--batch is "0.5"'],
    [
      'another experiment by now',
      ['latest', '--model', 'a.onnx', '--train-step', 'b.onnx', '--file', 'other.ts'],
      'other.ts describes another experiment than the one that made run small',
    ],
    [
      'a run that never finished',
      ['unfinished', '--weights', 'a.safetensors', '--model', 'b.onnx'],
      'has no model.onnx',
    ],
    ['no experiment file', ['latest', '--model', 'a.onnx', '--train-step', 'b.onnx', '--file', 'gone.ts'], 'gone.ts'],
  ])('answers %s with one sentence and exit code 2, and writes nothing', async (_, args, part) => {
    await writeFile(join(folder, 'other.ts'), SOURCE.replace('linear(4)', 'linear(5)'))
    const before = await readdir(folder)
    const { code, stdout, stderr } = await assay(folder, 'export', ...args)
    expect(stderr).toContain(part)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect([code, stdout]).toEqual([2, ''])
    expect(await readdir(folder)).toEqual(before)
  })

  it('shows an example in its help', async () => {
    const { code, stdout } = await assay(folder, 'export', '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples:\n {2}assay export latest/)
  })
})
