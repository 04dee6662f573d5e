import { basename } from 'node:path'
import { createDataset, parseIdx } from '../../data/index.ts'
import { readPlain } from '../../data/sources/idxImages.ts'
import { requireLabels } from '../../data/validate.ts'
import { UsageError } from '../../errors.ts'
import { formatShape } from '../../tensor/index.ts'
import type { TestedModel } from './model.ts'
import { all, type Samples } from './samples.ts'

const IMAGES = /images[-.]idx3[-.]ubyte(\.gz)?$/

/** Whether a file holds IDX images, by its name: `t10k-images-idx3-ubyte`. */
export const isIdx = (path: string): boolean => IMAGES.test(path)

/** Images of an IDX file, with the labels of the file beside it where there is one. */
export async function idxSamples(path: string, { target }: Pick<TestedModel, 'target'>): Promise<Samples> {
  const plain = path.replace(/\.gz$/, '')
  const images = parseIdx(await readPlain(plain), plain)
  const [count = 0, ...size] = images.shape
  if (size.length !== 2)
    throw new UsageError(
      `${path} holds ${formatShape(images.shape)}, which are no images: give [images, height, width]`,
    )
  const labelsPath = plain.replace(/images([-.])idx3/, 'labels$1idx1')
  const labels = await readPlain(labelsPath)
    .then((bytes) => parseIdx(bytes, labelsPath).data)
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
  if (labels !== undefined && labels.length !== count)
    throw new UsageError(
      `${labelsPath} has ${labels.length} labels and ${basename(plain)} ${count} images: give those of these`,
    )
  // The labels are numbers; what they mean, only the model knows.
  const classes = target.task === 'classification' ? target.classes : undefined
  if (labels !== undefined && classes !== undefined) requireLabels(basename(labelsPath), labels, classes.length)
  const labelled = labels !== undefined && classes !== undefined
  const name = basename(plain)
  return {
    name,
    dataset: createDataset({
      name,
      inputs: { data: images.data, shape: [1, ...size] },
      targets: {
        task: 'classification',
        labels: labelled ? Int32Array.from(labels) : new Int32Array(count),
        classes: classes ?? ['?'],
      },
    }),
    indices: all(count),
    labelled,
    leftOut: [],
    notes: [],
  }
}
