import { classesOf, type Profile, type ProfilePictures } from '../../data/profile/index.ts'
import { listed } from '../../data/profile/words.ts'
import { imageSheet, type SheetRow } from '../../figures/index.ts'
import type { Section } from '../document.ts'

/** Pictures in a row, where rows are not those of classes. */
const COLUMNS = 10

/** A picture that is drawn pixel by pixel. */
export interface DrawnPicture {
  readonly name: 'samples' | 'mean-images'
  readonly svg: string
  readonly alt: string
  readonly caption: string
}

/** Samples of each class and their means, of images; nothing of other data. */
export async function pictureFigures(profile: Profile, pictures: ProfilePictures | undefined): Promise<DrawnPicture[]> {
  const { modality, shape, problem } = profile
  if (pictures === undefined || modality !== 'images') return []
  const [channels = 0, height = 0, width = 0] = shape
  const image = ({ data }: ProfilePictures['samples'][number]) => ({ data, shape: [channels, height, width] as const })
  const { samples, means, perClass } = pictures
  const names = [...new Set(samples.map(({ caption }) => caption))]
  const rows: SheetRow[] =
    perClass > 0
      ? names.map((label) => ({ label, images: samples.filter(({ caption }) => caption === label).map(image) }))
      : inRows(samples.map(image))
  const all = classesOf(problem)?.length ?? 0
  const shown = all > names.length ? ` (the first ${names.length} of ${all})` : ''
  return [
    {
      name: 'samples',
      svg: await imageSheet(rows),
      alt: perClass > 0 ? `Samples of ${listed(names)}, a row for each class` : `${samples.length} samples`,
      caption: perClass > 0 ? `Samples drawn by chance, a row for each class${shown}.` : 'Samples drawn by chance.',
    },
    {
      name: 'mean-images',
      svg: await imageSheet(
        inRows(means.map((mean) => ({ ...image(mean), ...(means.length > 1 && { caption: mean.caption }) }))),
        { height: 72 },
      ),
      alt: means.length > 1 ? `The mean image of each of ${means.length} classes` : 'The mean image',
      caption:
        means.length > 1
          ? 'The mean of the training images of each class: sharp where they agree.'
          : 'The mean of all training images.',
    },
  ]
}

/** The same as a section of a page. */
export async function pictureSections(profile: Profile, pictures: ProfilePictures | undefined): Promise<Section[]> {
  const drawn = await pictureFigures(profile, pictures)
  const blocks = drawn.map(({ svg, alt, caption }) => ({ kind: 'figure' as const, picture: { svg, alt }, caption }))
  return blocks.length === 0 ? [] : [{ title: 'Samples', blocks }]
}

const inRows = (images: SheetRow['images']): SheetRow[] =>
  Array.from({ length: Math.ceil(images.length / COLUMNS) }, (_, r) => ({
    images: images.slice(r * COLUMNS, (r + 1) * COLUMNS),
  }))
