import type { Profile, ProfilePictures } from '../../data/profile/index.ts'
import { imageGridPng } from '../../figures/index.ts'
import type { Block, Section } from '../document.ts'

/** Samples of each class and their means, of images. */
export async function pictureSections(
  { modality, shape }: Profile,
  pictures: ProfilePictures | undefined,
): Promise<Section[]> {
  const [channels = 0, height = 0, width = 0] = shape
  if (pictures === undefined || modality !== 'images') return []
  const drawn = (list: ProfilePictures['samples'], captions: boolean) =>
    list.map(({ data, caption }) => ({ data, shape: [channels, height, width] as const, ...(captions && { caption }) }))
  const scale = Math.max(1, Math.round(56 / height))
  const { samples, means, perClass } = pictures
  const names = [...new Set(samples.map(({ caption }) => caption))]
  const blocks: Block[] = [
    {
      kind: 'figure',
      picture: {
        png: await imageGridPng(drawn(samples, perClass === 0), { columns: perClass || 10, scale }),
        alt:
          perClass > 0
            ? `${perClass} samples of each class, a row a class: ${names.join(', ')}`
            : `${samples.length} samples`,
      },
      caption:
        perClass > 0
          ? `Samples drawn by chance, a row for each class: ${names.join(', ')}.`
          : 'Samples drawn by chance.',
    },
    {
      kind: 'figure',
      picture: {
        png: await imageGridPng(drawn(means, means.length > 1), {
          columns: Math.min(10, means.length),
          scale: Math.max(1, Math.round(72 / height)),
        }),
        alt: means.length > 1 ? `The mean image of each of ${means.length} classes` : 'The mean image',
      },
      caption:
        means.length > 1
          ? 'The mean of the training images of each class: sharp where they agree.'
          : 'The mean of all training images.',
    },
  ]
  return [{ title: 'Samples', blocks }]
}
