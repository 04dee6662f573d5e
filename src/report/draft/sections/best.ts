import type { RunGroup } from '../../../runs/index.ts'
import { keptNames } from '../../references/blocks/figures/runFolder.ts'
import { type DraftContext, withMention } from '../context.ts'
import { isCell, MOST_IN_WORDS, nameOf } from './method.ts'
import type { Headline } from './results.ts'

/** What the best network does, class by class, and the pictures that it has kept. */
export async function ofTheBest(context: DraftContext, { best, expression: e }: Headline): Promise<string[]> {
  const { block, groups, expression: all } = context
  const whose = groups.length > 1 ? ` of ${isCell(best) ? `{{ ${e}.cell }}` : nameOf(context, best)}` : ''
  const [run] = best.runs
  const roc =
    best.runs.length > 1 || groups.length > 1
      ? `figure('roc', ${groups.length > 1 && groups.length <= MOST_IN_WORDS ? all : e}, { id: 'fig:roc' })`
      : `figure('roc', ${e}, { id: 'fig:roc' })`
  const mistakes = best.runs.length === 1 && run !== undefined && keptNames(run).includes('surest-mistakes')
  return [
    await withMention(
      `Which classes are confused${whose} is shown in`,
      'fig:confusion',
      block(`figure('confusion-matrix', ${e}, { id: 'fig:confusion' })`),
    ),
    await withMention(
      `Precision, recall and F1 of each class${whose} stand in`,
      'tab:classes',
      block(`table('classes', ${e}, { id: 'tab:classes' })`),
    ),
    await withMention('How well the classes are ranked is shown in', 'fig:roc', block(roc)),
    mistakes
      ? await withMention(
          `Mistakes${whose} that the network was surest of are in`,
          'fig:mistakes',
          block(`figure('surest-mistakes', ${e}, { id: 'fig:mistakes' })`),
        )
      : '',
    await withMention(
      'The fitted functions are drawn in',
      'fig:fits',
      block(`figure('fits', ${all}, { id: 'fig:fits' })`),
    ),
    ...(await images(run, e, block)),
  ]
}

/** Pictures that a network made, which its run has kept: the sentence that points at them, and what they show. */
const IMAGES: readonly (readonly [name: string, sentence: string, caption: string])[] = [
  [
    'reconstructions',
    'What comes out of the network for test images is shown in',
    'Test images and what the network makes of them, and those with the largest losses.',
  ],
  [
    'generated-images',
    'What the decoder makes of chance is shown in',
    'Images that the decoder makes of codes drawn by chance.',
  ],
  ['latent-walk', 'What lies between codes is shown in', 'Images of codes along lines in the latent space.'],
  ['latent-plane', 'The plane of codes is shown in', 'Test samples in the latent plane, by the means of their codes.'],
]

async function images(
  run: RunGroup['runs'][number] | undefined,
  e: string,
  block: DraftContext['block'],
): Promise<string[]> {
  const kept = run === undefined ? [] : keptNames(run)
  return Promise.all(
    IMAGES.filter(([name]) => kept.includes(name)).map(([name, sentence, caption]) =>
      withMention(
        sentence,
        `fig:${name}`,
        block(`figure('${name}', ${e}, { id: 'fig:${name}', caption: '${caption}' })`),
      ),
    ),
  )
}
