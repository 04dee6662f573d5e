import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import comparison from '../examples/convolutional-network-homework/experiment.ts'
import optimizers from '../examples/optimizers-and-regularizers.ts'
import fashionMethods from '../examples/supervised-learning-homework/fashion-methods.ts'
import regressionMethods from '../examples/supervised-learning-homework/regression-methods.ts'
import { isGrid, prepareData, prepareNetwork } from '../src/train/index.ts'
import { assay, scratch } from './assay.ts'
import { hasBrowser, launch, NO_BROWSER } from './browser.ts'
import { expectWriteUp } from './writeUp.ts'

let folder = ''
let remove = async (): Promise<void> => {}
let browser: Browser | undefined
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  if (hasBrowser) browser = await launch()
  else console.log(NO_BROWSER)
})
afterAll(async () => {
  await browser?.close()
  await remove()
})

const outcome = z.object({
  runs: z.array(z.object({ id: z.string(), status: z.string(), test: z.record(z.string(), z.number()) })),
})

interface Trial {
  readonly file: string
  /** Absent: the example as it stands, its asserts included. */
  readonly short?: string
  readonly accuracy?: number
  readonly loss?: number
}

// Each example is an acceptance test. One that takes minutes is trained for less here, with one seed, and must reach less; what it
// promises is checked where it is run as it stands.
const trials: readonly Trial[] = [
  { file: 'sinc.ts', loss: 1e-3 },
  { file: 'square-wave.ts', loss: 0.05 },
  { file: 'shipwreck.ts', accuracy: 0.78 },
  { file: 'custom-layer.ts', accuracy: 0.96 },
  { file: 'deep-and-narrow.ts', accuracy: 0.55 },
  { file: 'mnist-convnet.ts', accuracy: 0.988 },
  { file: 'mnist-dense.ts', short: '--seed 0 --epochs 2', accuracy: 0.965 },
  { file: 'mnist-lenet5.ts', short: '--seed 0 --epochs 1', accuracy: 0.96 },
  { file: 'mnist-convnet-augmented.ts', short: '--seed 0 --epochs 1', accuracy: 0.96 },
  {
    file: 'mnist-resnet18.ts',
    short: '--seed 0 --epochs 1 --set split.validation=55000 --set batchSize=32',
    accuracy: 0.8,
  },
  { file: 'mnist-autoencoder.ts', short: '--epochs 1', loss: 0.15 },
  { file: 'mnist-vae.ts', short: '--epochs 1', loss: 190 },
  { file: 'fashion-mnist-dense.ts', short: '--seed 0 --epochs 2', accuracy: 0.84 },
  { file: 'fashion-mnist-convnet.ts', short: '--seed 0 --epochs 1 --set split.validation=40000', accuracy: 0.75 },
  { file: 'write-up/experiment.ts', loss: 5e-3 },
  { file: 'training-dynamics/functions.ts', short: '--seed 0 --epochs 100', loss: 0.99 },
  { file: 'training-dynamics/mnist.ts', short: '--epochs 1 --set split.validation=50000', accuracy: 0.85 },
  { file: 'training-dynamics/trajectories.ts', short: '--seed 0 --epochs 3', accuracy: 0.88 },
  { file: 'training-dynamics/gradient-norm.ts', loss: 1e-3 },
]

const MISSING = 'Fashion-MNIST is not installed: apt-get install dataset-fashion-mnist'
const isMissing = (file: string): boolean =>
  /^(fashion|optimizers|supervised-learning-homework\/fashion)/.test(file) &&
  !existsSync('/usr/share/datasets/fashion-mnist')

it.for(trials)('$file $short', { timeout: 600_000 }, async ({ file, short = '', accuracy, loss }, { skip }) => {
  if (isMissing(file)) skip(MISSING)
  const options = short.split(' ').filter((option) => option !== '')
  // From the repository, so that manifests name a place of the code that the bundle finds.
  const args = ['run', join('examples', file), '--runs', join(folder, 'runs'), '--json', ...options]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['dist/cli/main.js', ...args], {
    ...{ cwd: resolve(import.meta.dirname, '..'), maxBuffer: 2 ** 28 },
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(stderr).toBe('')
  const { runs } = outcome.parse(JSON.parse(stdout))
  expect(runs).not.toHaveLength(0)
  for (const { status, test } of runs) {
    expect(status).toBe('finished')
    if (accuracy !== undefined) expect(test.accuracy).toBeGreaterThanOrEqual(accuracy)
    if (loss !== undefined) expect(test.loss).toBeLessThanOrEqual(loss)
  }
  // Written up at once: nothing is trained twice.
  await expectWriteUp(folder, nameOf(runs[0]?.id ?? ''), browser)
})

/** Of the experiment, by the id of one of its runs: `sinc-s0-20261122-025237-c103`. */
const nameOf = (id: string): string => id.replace(/-s\d+-\d{8}-\d{6}-[0-9a-f]+$/, '')

// All of their cells, with a report each, take minutes to half an hour: here they are only made and checked against the data.
it.for<readonly [file: string, cells: number, of: typeof comparison]>([
  ['convolutional-network-homework/experiment.ts', 24, comparison],
  ['optimizers-and-regularizers.ts', 25, optimizers],
  ['supervised-learning-homework/regression-methods.ts', 17, regressionMethods],
  ['supervised-learning-homework/fashion-methods.ts', 17, fashionMethods],
])('%s has %i networks that fit their data', { timeout: 60_000 }, async ([file, cells, of], { skip }) => {
  if (isMissing(file)) skip(MISSING)
  expect(isGrid(of)).toBe(true)
  expect(of.cells).toHaveLength(cells)
  const [first] = of.cells
  if (first === undefined) throw new Error('the grid is empty')
  const data = await prepareData(first.experiment)
  for (const { experiment } of of.cells) expect(prepareNetwork(experiment, data).target).toBe(data.target)
})

it('the first experiment of the README runs as it stands there', async () => {
  const readme = await readFile(resolve(import.meta.dirname, '../README.md'), 'utf8')
  const [, code] = /```ts\n\/\/ first\.ts\n(.*?)```/s.exec(readme) ?? []
  if (code === undefined) throw new Error('the README has no first.ts')
  // As an installed package would lie: node_modules/assay beside the file.
  await mkdir(join(folder, 'node_modules'))
  await symlink(resolve(import.meta.dirname, '..'), join(folder, 'node_modules/assay'), 'dir')
  await writeFile(join(folder, 'first.ts'), code)
  const { code: exit, stdout, stderr } = await assay(folder, 'run', 'first.ts', '--json')
  expect(stderr).toBe('')
  expect(exit).toBe(0)
  expect(outcome.parse(JSON.parse(stdout)).runs[0]?.test.accuracy).toBeGreaterThan(0.95)
}, 120_000)
