import { type Shape, sizeOf } from '../../tensor/shape.ts'
import { type Dataset, storageTypeOf } from '../dataset.ts'
import { featureNames } from '../table/encoding.ts'
import type { Modality } from './profile.ts'

/** Which of a sample's values belong together: `length` fields of `size` neighbouring values each. */
export interface Layout {
  readonly names: readonly string[]
  readonly size: number
}

/** Vectors longer than this are one field: nobody reads a thousand rows. */
const MAX_FIELDS = 256

const COLOURS = ['red', 'green', 'blue']

/** What kind of samples these are, by their shape: [channels, height, width] are images, [1 or 2, many] sounds, the rest vectors. */
export function modalityOf({ shape }: { readonly shape: Shape }): Modality {
  const [channels = 0] = shape
  if (shape.length === 3 && (channels === 1 || channels === 3)) return 'images'
  return shape.length === 2 && channels <= 2 && (shape[1] ?? 0) >= 256 ? 'audio' : 'vectors'
}

/** Channels of images and sounds, features of vectors. */
export function layoutOf({ inputs, encoding }: Dataset): Layout {
  const { shape } = inputs
  const width = sizeOf(shape)
  const [channels = 1] = shape
  switch (modalityOf(inputs)) {
    case 'images':
      return { names: channels === 3 ? COLOURS : ['grey'], size: width / channels }
    case 'audio':
      return { names: channels === 1 ? ['amplitude'] : ['left', 'right'], size: width / channels }
    default: {
      if (width > MAX_FIELDS) return { names: ['all features'], size: width }
      const names = encoding && featureNames(encoding)
      return { names: Array.from({ length: width }, (_, i) => names?.[i] ?? `feature ${i}`), size: 1 }
    }
  }
}

export const typeOf = (dataset: Dataset): 'uint8' | 'float32' => storageTypeOf(dataset.inputs)
