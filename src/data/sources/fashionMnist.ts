import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { DataSource, LoadHooks, Splits } from '../dataset.ts'
import { cacheFolder } from '../files/cacheFolder.ts'
import { DownloadError, download } from '../files/download.ts'
import { type IdxImages, idxFiles, loadIdxImages } from './idxImages.ts'

const FASHION_MNIST: IdxImages = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  checksums: {
    'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
}

/** Where Debian's and Ubuntu's package `dataset-fashion-mnist` puts the files. */
const INSTALLED = '/usr/share/datasets/fashion-mnist'

const MIRRORS = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
]

export interface FashionMnistOptions {
  /**
   * Folder with the four IDX files, plain or gzipped. Default: that of the Debian package `dataset-fashion-mnist`, else the
   * cache, into which they are downloaded (31 MB) when they are not there.
   */
  readonly folder?: string
}

/**
 * Fashion-MNIST: 60,000 + 10,000 grey images [1, 28, 28] of clothes in ten classes, uint8 (0 is background). The files are
 * checked against their SHA-256, wherever they come from.
 *
 * Source: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
 * arXiv:1708.07747 (2017).
 *
 * @throws UsageError at loading, when a file is missing or is not the canonical one, or when there are none and no mirror is
 * reached; it says what to do
 *
 * @example
 * const { train } = await fashionMnist().load()
 * train.inputs.shape // [1, 28, 28]
 * train.targets.classes[9] // Ankle boot
 */
export const fashionMnist = (options: FashionMnistOptions = {}): DataSource => ({
  kind: 'fashionMnist',
  config: { ...options },
  load: (hooks) => {
    const { folder } = options
    if (folder !== undefined)
      return loadIdxImages(FASHION_MNIST, folder, 'give a folder with the four canonical files, or leave it out')
    if (existsSync(INSTALLED))
      return loadIdxImages(FASHION_MNIST, INSTALLED, 'install the package dataset-fashion-mnist again')
    return fetchFashionMnist(join(cacheFolder(), 'fashion-mnist'), MIRRORS, hooks)
  },
})

/** Loads from a folder, and fetches what is missing there or damaged. */
export async function fetchFashionMnist(
  folder: string,
  mirrors: readonly string[],
  hooks: LoadHooks = {},
): Promise<Splits> {
  try {
    for (const file of idxFiles)
      await download({
        urls: mirrors.map((mirror) => `${mirror}${file}.gz`),
        to: join(folder, `${file}.gz`),
        sha256: FASHION_MNIST.checksums[file],
        unpacked: true,
        ...hooks,
      })
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error
    throw new UsageError(
      [
        `Fashion-MNIST is not on this machine, and ${error.message}`,
        'There are three ways out:',
        '  install it: apt-get install dataset-fashion-mnist',
        '  give a folder that has its four IDX files, plain or gzipped: fashionMnist({ folder })',
        `  run this again with a network; the files are kept in ${folder}`,
      ].join('\n'),
    )
  }
  return loadIdxImages(FASHION_MNIST, folder, 'remove it, and it is fetched again')
}
