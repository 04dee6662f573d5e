import { type Figure, toSvg } from '../../../../figures/index.ts'
import type { NamedFigure } from '../../../profile/figures.ts'
import type { FigureBlock } from './maker.ts'

/** A figure, drawn. */
export const drawn = async (figure: Figure, caption: string): Promise<FigureBlock> => ({
  kind: 'figure',
  picture: { svg: await toSvg(figure.spec), alt: figure.alt },
  caption,
})

export const drawnNamed = async (found: NamedFigure | undefined): Promise<FigureBlock | undefined> =>
  found === undefined ? undefined : drawn(found.figure, found.caption)
