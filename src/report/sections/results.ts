import type { FilterPicture, Mistake, RunPicture, RunReportContent } from '../content.ts'
import type { Block, Section } from '../document.ts'
import { percent, score, value, whole } from '../format.ts'
import { words } from '../readable.ts'

/** What came out: metrics, curves, images that were made, mistakes, filters. A section without content is left out. */
export function resultSections(content: RunReportContent): Section[] {
  const sections: Section[] = [
    { title: 'Training', blocks: training(content) },
    ...(content.images ?? []).map(({ title, pictures }) => ({ title, blocks: pictures.map(figureBlock) })),
    { title: 'Classes', blocks: classes(content) },
    { title: 'Worst mistakes', blocks: content.mistakes ? mistakes(content.mistakes) : [] },
    { title: 'First-layer filters', blocks: content.filters ? filters(content.filters) : [] },
  ]
  return sections.filter((section) => section.blocks.length > 0)
}

function training({ summary, figures, lossAtChance }: RunReportContent): Block[] {
  const rows = Object.entries(summary).flatMap(([split, metrics]) =>
    Object.entries(metrics).map(([name, m]) => [
      `${split} ${words(name)}`,
      value(m.last),
      value(m.lastEpoch),
      value(m.best),
      value(m.bestEpoch),
    ]),
  )
  const blocks: Block[] = []
  if (figures.curves) {
    const chance = lossAtChance === undefined ? '' : ` A model that guesses has a loss of ${value(lossAtChance)}.`
    blocks.push({
      kind: 'figure',
      picture: figures.curves,
      caption: `Metrics at the end of each epoch: training solid, validation dashed. Vertical axes need not start at zero.${chance}`,
    })
  }
  if (rows.length > 0) {
    blocks.push({
      kind: 'table',
      caption:
        'Last and best value of each metric. The trained model is the one of the last epoch unless a checkpoint was chosen; the best epoch flatters it.',
      columns: [
        { title: 'metric' },
        { title: 'last', kind: 'number' },
        { title: 'at epoch', kind: 'number' },
        { title: 'best', kind: 'number' },
        { title: 'at epoch', kind: 'number' },
      ],
      rows,
    })
  }
  return blocks
}

const figureBlock = (picture: RunPicture): Block => ({ kind: 'figure', picture, caption: picture.caption })

function classes({ figures, perClass }: RunReportContent): Block[] {
  const blocks: Block[] = []
  if (figures.confusion) {
    blocks.push({
      kind: 'figure',
      picture: figures.confusion,
      caption: `${figures.confusion.alt} Rows are true classes. Hits are blue; mistakes are orange on a square-root scale of their own, so that rare ones show; empty cells are zero.`,
    })
  }
  if (perClass && perClass.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Scores of each class on the test split.',
      columns: [
        { title: 'class' },
        { title: 'precision', kind: 'number' },
        { title: 'recall', kind: 'number' },
        { title: 'F1', kind: 'number' },
        { title: 'examples', kind: 'number' },
      ],
      rows: perClass.map((c) => [c.name, score(c.precision), score(c.recall), score(c.f1), whole(c.support)]),
    })
  }
  return blocks
}

function mistakes(worst: readonly Mistake[]): Block[] {
  if (worst.length === 0) return [{ kind: 'paragraph', text: 'The model made no mistake on the test split.' }]
  return [
    {
      kind: 'gallery',
      caption:
        'Test examples that the model got wrong with the most confidence. Look at the labels too: some may be wrong.',
      items: worst.map(({ png, label, predicted, confidence, index }) => ({
        picture: { png, alt: `Test example ${index}: true class ${label}, predicted ${predicted}.` },
        lines: [`${label}, taken for ${predicted}`, `confidence ${percent(confidence, 1)}`, `test example ${index}`],
      })),
    },
  ]
}

function filters({ png, layer, range, shown, total }: FilterPicture): Block[] {
  const part = shown < total ? `The first ${shown} of ${total} filters` : `The ${total} filters`
  return [
    {
      kind: 'figure',
      picture: { png, alt: `${part} of layer ${layer}, as a grid of small pictures.` },
      caption: `${part} of layer ${layer}. Blue is negative, white is zero, orange is positive; one scale for all, from ${value(range[0])} to ${value(range[1])}.`,
    },
  ]
}
