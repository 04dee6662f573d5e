import { type Correlation, type Profile, type ProfilePictures, strongestPairs } from '../../data/profile/index.ts'
import { saveFigure, toSvg } from '../../figures/index.ts'
import type { Block, ReportDocument, Section } from '../document.ts'
import { renderHtml } from '../html.ts'
import { classFigures, correlationFigures, type NamedFigure, valueFigures } from './figures.ts'
import { pictureSections } from './pictures.ts'
import { duplicates, fieldTables, leftOut } from './tables.ts'

/** Parts of a page that other looks at the same data give. */
export interface ProfileReportExtras {
  readonly sections?: readonly Section[]
}

/**
 * A profile as one HTML file with its figures inside.
 *
 * @example
 * const { profile, pictures } = await profileSplits(await mnist().load(), { key: key(0) })
 * await writeFile('mnist.html', await profileReport(profile, pictures))
 */
export async function profileReport(
  profile: Profile,
  pictures: ProfilePictures | undefined,
  { sections = [] }: ProfileReportExtras = {},
): Promise<string> {
  const document: ReportDocument = {
    title: `Data: ${profile.name}`,
    lead: [
      {
        kind: 'facts',
        caption: 'Eight questions, answered from the data',
        facts: profile.answers.map(({ question, answer }) => [question, answer]),
      },
    ],
    sections: [
      ...(await pictureSections(profile, pictures)),
      {
        title: 'Values',
        blocks: [
          ...profile.splits.flatMap((split) => fieldTables(split.name, split.fields)),
          ...(await figureBlocks(valueFigures(profile))),
        ],
      },
      ...(await classSections(profile)),
      ...(await correlationSections(profile.correlation)),
      ...sections,
      { title: 'Duplicates', blocks: duplicates(profile) },
      { title: 'Left out', blocks: leftOut(profile) },
    ],
  }
  return renderHtml(document)
}

/** Saves every figure of a profile as specification, picture and numbers. */
export async function saveProfileFigures(folder: string, figures: readonly NamedFigure[]): Promise<void> {
  for (const { name, figure } of figures) await saveFigure(folder, name, figure)
}

/** A section of figures. */
export const figureSection = async (title: string, figures: readonly NamedFigure[]): Promise<Section> => ({
  title,
  blocks: await figureBlocks(figures),
})

/** Blocks with the figures drawn. */
export async function figureBlocks(figures: readonly NamedFigure[]): Promise<Block[]> {
  const blocks: Block[] = []
  for (const { figure, caption } of figures)
    blocks.push({ kind: 'figure', picture: { svg: await toSvg(figure.spec), alt: figure.alt }, caption })
  return blocks
}

async function classSections(profile: Profile): Promise<Section[]> {
  const figures = classFigures(profile)
  return figures.length === 0 ? [] : [{ title: 'Classes', blocks: await figureBlocks(figures) }]
}

async function correlationSections(correlation: Correlation | undefined): Promise<Section[]> {
  const pairs = correlation === undefined ? [] : strongestPairs(correlation)
  if (pairs.length === 0) return []
  return [
    {
      title: 'Correlation',
      blocks: [
        ...(await figureBlocks(correlationFigures(correlation))),
        {
          kind: 'table',
          caption: 'The strongest pairs',
          columns: [{ title: 'column' }, { title: 'with' }, { title: 'r', kind: 'number' }],
          rows: pairs.map(({ a, b, r }) => [a, b, r.toFixed(3).replace('-', '−')]),
        },
      ],
    },
  ]
}
