import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { confusionMatrixFigure } from '../figures/confusionMatrix.ts'
import type { Figure } from '../figures/figure.ts'
import { perClassFigure } from '../figures/perClassBars.ts'
import { saveFigure, savePicture, toCsv } from '../figures/render.ts'
import { sampleRows, sampleSheet } from '../figures/sampleSheet.ts'
import { trainingCurves } from '../figures/trainingCurves.ts'
import { methodText } from '../metrics/uncertainty/index.ts'
import { BATCH_LOSS, readManifest, readMetrics, readSummary, summarize } from '../runs/index.ts'
import type { RenderedFigure, RunReportContent, RunReportExtras, ShownSample } from './content.ts'
import type { Block, ReportDocument } from './document.ts'
import { groupedRows } from './evaluation/grouped.ts'
import { duration, percent, time, value, whole } from './format.ts'
import { renderHtml } from './html.ts'
import { metricName } from './readable.ts'
import { aboutSections } from './sections/about.ts'
import { resultSections } from './sections/results.ts'
import { type ReportFormats, writeReport } from './writeReport.ts'

/**
 * The report on one run as a document, for any format.
 *
 * @example
 * renderHtml(runReport(content))
 */
export function runReport(content: RunReportContent): ReportDocument {
  const { manifest } = content
  return {
    title: manifest.name,
    subtitle: `Run ${manifest.id} · ${manifest.status} · begun ${time(manifest.createdAt)}${lasted(content)}`,
    lead: lead(content),
    sections: [...resultSections(content), ...aboutSections(content)],
  }
}

/**
 * The report on one run as a self-contained HTML page. Pure: every number and picture in it comes from `content`.
 *
 * @example
 * await writeFile('report.html', renderRunReport(content))
 */
export const renderRunReport = (content: RunReportContent): string => renderHtml(runReport(content))

/**
 * Writes `report.html` into a run's folder, from what the folder holds and what was computed from it. All figures and pictures of samples
 * are saved under `figures/` too, with their numbers. Call it after the run has ended: the report says the status
 * that the manifest has.
 *
 * @param folder - the run's folder
 * @param extras - results on the test split; what is absent is left out of the report
 * @param formats - beside HTML; default: none
 * @returns the path of the report
 * @throws UsageError when the folder is not a run's, or the confusion counts do not fit the classes
 *
 * @example
 * await writeRunReport(run.folder, { testAccuracy: { value: 0.991, low: 0.989, high: 0.993, n: 10_000 } })
 */
export async function writeRunReport(
  folder: string,
  extras: RunReportExtras = {},
  formats: ReportFormats = {},
): Promise<string> {
  const [manifest, records, saved] = await Promise.all([
    readManifest(folder),
    readMetrics({ folder }),
    readSummary({ folder }),
  ])
  const draw = async (name: string, figure: Figure): Promise<RenderedFigure> => ({
    svg: await saveFigure(folder, name, figure),
    alt: figure.alt,
  })
  const { confusion, perClass = [], images = [], charts = [], mistakes = [], uncertain = [] } = extras
  const classes = manifest.data.classes ?? confusion?.map((_, i) => String(i)) ?? []
  if (extras.testAccuracy && !(extras.testAccuracy.n > 0)) {
    throw new UsageError(`testAccuracy.n is ${extras.testAccuracy.n}: give the number of test examples`)
  }
  const perEpoch = records.filter(({ name }) => name !== BATCH_LOSS)
  const trained = perEpoch.some(({ split }) => split === 'train' || split === 'validation')
  const shares = (counts: NonNullable<typeof confusion>) =>
    confusionMatrixFigure(counts, classes, { isNormalized: true })
  const content: RunReportContent = {
    ...extras,
    manifest,
    records,
    summary: saved ?? summarize(perEpoch),
    charts: await Promise.all(
      charts.map(async ({ figure, ...chart }) => ({ ...chart, ...(await draw(chart.name, figure)) })),
    ),
    figures: {
      ...(trained && { curves: await draw('training-curves', trainingCurves(perEpoch)) }),
      ...(confusion && { confusion: await draw('confusion-matrix', confusionMatrixFigure(confusion, classes)) }),
      ...(confusion &&
        isUnequal(confusion) && { confusionShares: await draw('confusion-matrix-normalized', shares(confusion)) }),
      ...(perClass.length > 1 && { perClass: await draw('per-class', perClassFigure(perClass)) }),
    },
  }
  await saveSamples(folder, 'surest-mistakes', mistakes)
  await saveSamples(folder, 'most-uncertain', uncertain)
  for (const picture of images.flatMap(({ pictures }) => pictures)) await savePicture(folder, picture.name, picture)
  return writeReport(folder, runReport(content), new Date(manifest.finishedAt ?? manifest.createdAt), formats)
}

/** Classes of which one has half again as many examples as another: then counts cannot be compared. */
function isUnequal(confusion: readonly (readonly number[])[]): boolean {
  const sizes = confusion.map((row) => row.reduce((sum, count) => sum + count, 0)).filter((size) => size > 0)
  return Math.max(...sizes) > 1.5 * Math.min(...sizes)
}

/** A sheet of images where all samples are images, and always their numbers. */
async function saveSamples(folder: string, name: string, samples: readonly ShownSample[]): Promise<void> {
  if (samples.length === 0) return
  const images = samples.flatMap((sample) => (sample.image === undefined ? [] : [{ ...sample, image: sample.image }]))
  if (images.length === samples.length)
    return savePicture(folder, name, await sampleSheet(images, name.replace('-', ' ')))
  await mkdir(join(folder, 'figures'), { recursive: true })
  const rows = sampleRows(samples).map((row, i) => ({ ...row, ...Object.fromEntries(samples[i]?.columns ?? []) }))
  await writeFileAtomic(join(folder, 'figures', `${name}.csv`), toCsv(rows))
}

function lasted({ manifest, records }: RunReportContent): string {
  const last = records.at(-1)
  if (manifest.finishedAt === undefined && last === undefined) return ''
  const seconds = manifest.finishedAt
    ? (Date.parse(manifest.finishedAt) - Date.parse(manifest.createdAt)) / 1000
    : (last?.time ?? 0)
  return ` · took ${duration(seconds)}`
}

/** What a reader must know first: the result, and every reason to doubt it. */
function lead(content: RunReportContent): Block[] {
  const { manifest, testAccuracy, lossAtChance, summary, scores = [], tested, notes = [] } = content
  const grouped = groupedRows(manifest)
  const rows = grouped === undefined ? '' : ` ${grouped}`
  const blocks: Block[] = []
  if (testAccuracy) {
    const { value, low, high, n } = testAccuracy
    blocks.push({
      kind: 'headline',
      value: percent(value),
      label: `test accuracy on ${whole(n)} examples`,
      detail: `95% interval ${percent(low)} to ${percent(high)}. It covers the choice of test examples only; this is one run with one seed (${manifest.seed}), and other seeds differ.${rows}`,
    })
  }
  const [first] = scores
  if (testAccuracy === undefined && first !== undefined) {
    const { interval } = first
    blocks.push({
      kind: 'headline',
      value: value(first.value),
      label: `test ${metricName(first.name)} on ${whole(manifest.data.splits.test)} examples`,
      detail: `${'reason' in interval ? '' : `95% interval ${value(interval.low)} to ${value(interval.high)} (${methodText(interval)}). It covers the choice of test examples only; this `}${'reason' in interval ? 'This ' : ''}is one run with one seed (${manifest.seed}), and other seeds differ.${'reason' in interval ? '' : rows}`,
    })
  }
  if (tested !== undefined) blocks.push({ kind: 'paragraph', text: tested })
  if (manifest.status !== 'finished') {
    const how = { failed: 'failed', interrupted: 'was interrupted', running: 'is still running' }[manifest.status]
    const why = manifest.error === undefined ? '' : ` Why: ${manifest.error}`
    blocks.push({
      kind: 'notice',
      tone: 'warning',
      text: `This run ${how}: what follows is what it has left so far.${why}`,
    })
  }
  const loss = summary.train?.loss
  if (loss && lossAtChance !== undefined && !(loss.last < 0.95 * lossAtChance)) {
    blocks.push({
      kind: 'notice',
      tone: 'warning',
      text: `The training loss ended at ${loss.last.toPrecision(4)}, and guessing gives ${lossAtChance.toPrecision(4)}: the model has learnt next to nothing. Nothing else here says much until that is mended (learning rate, labels, a softmax before the loss).`,
    })
  }
  return [...blocks, ...notes.map((text) => ({ kind: 'notice' as const, tone: 'info' as const, text }))]
}
