import { profileKind } from '../../data/profile/profile.ts'
import { profileFigures } from '../../report/profile/figures.ts'
import { bundleOf } from '../bundle.ts'

/** More than this are many pictures for one cell: the page that `assay profile` writes has them all. */
const MOST_FIGURES = 2

profileKind.show((profile) =>
  bundleOf([
    {
      kind: 'facts',
      caption: `Data: ${profile.name}`,
      facts: profile.answers.map(({ question, answer }) => [question, answer]),
    },
    ...profileFigures(profile)
      .slice(0, MOST_FIGURES)
      .map(({ figure }) => figure),
  ]),
)
