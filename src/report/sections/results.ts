import { methodText } from '../../metrics/uncertainty/index.ts'
import type { ChartSection, FilterPicture, RunPicture, RunReportContent } from '../content.ts'
import type { Block, Section } from '../document.ts'
import { groupedRows } from '../evaluation/grouped.ts'
import type { MeasuredScore } from '../evaluation/scores.ts'
import { score, value, whole } from '../format.ts'
import { metricName, words } from '../readable.ts'
import { sampleSections } from './samples.ts'

/** What came out: curves, scores, images that were made, what the predictions are like, filters. A section without content is left out. */
export function resultSections(content: RunReportContent): Section[] {
  const sections: Section[] = [
    { title: 'Training', blocks: training(content) },
    { title: 'Test scores', blocks: scores(content) },
    ...(content.images ?? []).map(({ title, pictures }) => ({ title, blocks: pictures.map(figureBlock) })),
    { title: 'Ranking', blocks: charts(content, 'ranking') },
    { title: 'Calibration', blocks: charts(content, 'calibration') },
    { title: 'Errors', blocks: charts(content, 'errors') },
    { title: 'Classes', blocks: classes(content) },
    ...sampleSections(content),
    { title: 'First-layer filters', blocks: content.filters ? filters(content.filters) : [] },
  ]
  return sections.filter((section) => section.blocks.length > 0)
}

/** Every metric with its interval, and how that was come by. */
function scores({ scores: measured = [], tested, manifest }: RunReportContent): Block[] {
  if (measured.length === 0) return []
  const more = [groupedRows(manifest), tested].map((text) => (text === undefined ? '' : ` ${text}`)).join('')
  return [
    {
      kind: 'table',
      caption: `Every metric over the whole test split. Intervals are of 95% and tell what the choice of test examples does to this one trained model; seeds are not in them.${more}`,
      columns: [
        { title: 'metric' },
        { title: 'value', kind: 'number' },
        { title: '95% interval', kind: 'number' },
        { title: 'kind of interval' },
        { title: 'better' },
      ],
      rows: measured.map(scoreRow),
    },
  ]
}

const scoreRow = ({ name, value: measured, goal, interval }: MeasuredScore): string[] => [
  metricName(name),
  value(measured),
  ...('reason' in interval
    ? ['–', `none: ${interval.reason}`]
    : [`${value(interval.low)} to ${value(interval.high)}`, methodText(interval)]),
  goal === 'max' ? 'higher' : 'lower',
]

const charts = ({ charts: all = [] }: RunReportContent, section: ChartSection): Block[] =>
  all
    .filter((chart) => chart.section === section)
    .map((chart) => ({ kind: 'figure', picture: chart, caption: chart.caption }))

function training({ summary, figures, lossAtChance, tested }: RunReportContent): Block[] {
  const rows = Object.entries(summary).flatMap(([split, metrics]) =>
    Object.entries(metrics).map(([name, m]) => [
      `${words(split)} ${metricName(name)}`,
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
      caption: `Last and best value of each metric. ${tested ?? 'The trained model, which was tested, is that of the last epoch.'} The best epoch flatters a model.`,
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
  if (figures.confusionShares)
    blocks.push({
      kind: 'figure',
      picture: figures.confusionShares,
      caption: 'The same in percent of each true class, as the classes have unequal numbers of examples.',
    })
  if (figures.perClass)
    blocks.push({
      kind: 'figure',
      picture: figures.perClass,
      caption: 'Precision, recall and F1 of each class on the test split, with its number of examples.',
    })
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
