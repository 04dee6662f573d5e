import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { saveFigure, toCsv } from '../../figures/index.ts'
import { versionState } from '../../runs/index.ts'
import { luckText } from '../../search/index.ts'
import { isVisible } from '../../search/luck/index.ts'
import { writing } from '../comparison/writing.ts'
import type { Block, ReportDocument, Section } from '../document.ts'
import { duration, isShare, time, whole } from '../format.ts'
import { metricName, readable } from '../readable.ts'
import { type ReportFormats, writeReport } from '../writeReport.ts'
import { metricOf, type StudyContent } from './content.ts'
import { studyFigures } from './figures.ts'
import { type StudyTable, studyTables } from './tables.ts'

/** A figure as it stands in the page. */
interface Drawn {
  readonly name: string
  readonly svg: string
  readonly alt: string
  readonly caption: string
}

/** What the page says of the machine's side. */
interface Surroundings {
  readonly versions: Awaited<ReturnType<typeof versionState>>
  /** Of `best.ts`, as seen from where the command runs; where it is there. */
  readonly bestFile?: string
  /** The search's, likewise. */
  readonly searchFile?: string
}

/**
 * The page on a study as a document, for any format: what came out, how trials went, how much of the best value is luck, what matters, what was searched and how.
 *
 * @example
 * renderHtml(studyReport(content, drawn, { versions: await versionState() }))
 */
export function studyReport(
  content: StudyContent,
  drawn: readonly Drawn[],
  surroundings: Surroundings,
): ReportDocument {
  const { study, objective } = content
  const tables = studyTables(content)
  const tableOf = (name: StudyTable['name']): Block[] => tables.filter((table) => table.name === name)
  const figureOf = (start: string): Block[] =>
    drawn
      .filter(({ name }) => name.startsWith(start))
      .map(({ svg, alt, caption }) => ({ kind: 'figure', picture: { svg, alt }, caption }))
  const sections: Section[] = [
    { title: 'Best configurations', blocks: [...tableOf('best'), ...toRun(surroundings)] },
    { title: 'How much is luck', blocks: luckBlocks(content) },
    { title: 'History', blocks: [...figureOf('history'), ...figureOf('intermediate-values'), ...tableOf('failures')] },
    {
      title: 'What matters',
      blocks: [...importanceBlocks(content), ...figureOf('importance'), ...tableOf('importance'), ...tableOf('pairs')],
    },
    {
      title: 'Parameters',
      blocks: [...figureOf('slices'), ...figureOf('contour'), ...figureOf('parallel-coordinates')],
    },
    { title: 'Learning rate', blocks: figureOf('learning-rate') },
    { title: 'The search', blocks: [facts(content), ...tableOf('space'), ...constraints(content)] },
    { title: 'Repeat this search', blocks: repeat(content, surroundings) },
  ]
  return {
    title: study.name,
    subtitle: `Search for the ${study.direction === 'minimize' ? 'lowest' : 'highest'} ${objective} · ${counted(content)}`,
    lead: lead(content),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  }
}

/**
 * Writes the page on a study into a folder: `report.html`, which needs nothing else, `figures/*.{vl.json,svg,csv}` and `tables/*.csv`. It may be written at any time,
 * also while the search goes on.
 *
 * @param folder - where it goes; usually the study's own
 * @param formats - beside HTML; default: none
 * @returns the path of the page
 *
 * @example
 * await writeStudyReport('studies/mlp', await readStudyContent('studies/mlp', { runs: 'runs' }))
 */
export async function writeStudyReport(
  folder: string,
  content: StudyContent,
  formats: ReportFormats = {},
): Promise<string> {
  const drawn: Drawn[] = []
  for (const { name, figure, caption } of studyFigures(content))
    drawn.push({ name, svg: await saveFigure(folder, name, figure), alt: figure.alt, caption })
  await mkdir(join(folder, 'tables'), { recursive: true })
  for (const { name, columns, rows } of studyTables(content, { top: Number.POSITIVE_INFINITY }))
    await writeFileAtomic(
      join(folder, 'tables', `${name}.csv`),
      toCsv(rows.map((row) => Object.fromEntries(row.map((cell, i) => [columns[i]?.title ?? String(i), cell])))),
    )
  const best = join(resolve(content.folder), 'best.ts')
  const page = studyReport(content, drawn, {
    versions: await versionState(),
    ...(existsSync(best) && { bestFile: relative(process.cwd(), best) }),
    ...(content.search && {
      searchFile: relative(process.cwd(), resolve(content.folder, content.search.file)),
    }),
  })
  return writeReport(folder, page, lastOf(content), formats)
}

/** When the last trial ended or, before any has, began. */
const lastOf = ({ study: { trials } }: StudyContent): Date =>
  new Date(Math.max(0, ...trials.map(({ ended, began }) => ended ?? began)))

const countOf = ({ study }: StudyContent, state: string | undefined): number =>
  study.trials.filter(({ outcome }) => outcome?.state === state).length

function counted(content: StudyContent): string {
  const parts = (['pruned', 'failed'] as const).flatMap((state) => {
    const count = countOf(content, state)
    return count > 0 ? [`${whole(count)} ${state}`] : []
  })
  const running = countOf(content, undefined)
  return [
    `${whole(countOf(content, 'complete'))} complete trials`,
    ...parts,
    ...(running > 0 ? [`${whole(running)} under way`] : []),
  ].join(', ')
}

function lead(content: StudyContent): Block[] {
  const { study, objective, luck, final, search } = content
  const metric = metricOf(objective)
  const format = writing()
  const { best } = study
  const blocks: Block[] = []
  if (best?.outcome?.state === 'complete') {
    const expected =
      luck.kind === 'known' && luck.noise.from !== 'neighbours' && isVisible(luck)
        ? `Measured again, expect about ${format.value(metric, luck.expected)}: it is the best of ${whole(luck.trials)}. `
        : ''
    const tested =
      final === undefined ? '' : `On the test split: ${format.value(metric, final.value)} (${final.ids.join(', ')}).`
    blocks.push({
      kind: 'headline',
      value: format.value(metric, best.outcome.value),
      label: `${objective === 'value' ? 'value' : `${objective.slice(0, objective.indexOf('.'))} ${metricName(metric)}`} of trial ${best.number}`,
      ...(expected + tested !== '' && { detail: `${expected}${tested}`.trim() }),
    })
  } else blocks.push({ kind: 'notice', tone: 'warning', text: 'No trial is complete: there is no value to tell of.' })
  const ended = study.trials.filter(({ outcome }) => outcome !== undefined).length
  if (search !== undefined && ended < search.trials)
    blocks.push({
      kind: 'notice',
      tone: 'info',
      text: `The search has not come to its end: ${whole(ended)} of ${whole(search.trials)} trials have.`,
    })
  const failed = countOf(content, 'failed')
  if (failed > 0.2 * study.trials.length)
    blocks.push({
      kind: 'notice',
      tone: 'warning',
      text: `${whole(failed)} of ${whole(study.trials.length)} trials failed: what they would have told is missing everywhere below.`,
    })
  return blocks
}

const toRun = ({ bestFile }: Surroundings): Block[] =>
  bestFile === undefined
    ? []
    : [
        { kind: 'paragraph', text: 'The best configuration is an experiment of its own, to be trained and tested:' },
        { kind: 'code', text: `npx assay run ${bestFile}` },
      ]

function luckBlocks({ luck, objective }: StudyContent): Block[] {
  const metric = metricOf(objective)
  const format = writing()
  const text = luckText(
    luck,
    (value) => format.value(metric, value),
    (value) => (isShare(metric) ? format.spread(metric, value) : String(Number(value.toPrecision(2)))),
  )
  const how: Block = {
    kind: 'paragraph',
    text: 'What a winner loses comes from empirical Bayes: true values are taken to be spread as makes the values that were seen likeliest, and noise to be normal and the same for all trials. A sampler that learns chooses trials by the luck of earlier ones, which this leaves out.',
  }
  return luck.kind === 'known' ? [{ kind: 'paragraph', text }, how] : [{ kind: 'notice', tone: 'info', text }]
}

function importanceBlocks({ importance }: StudyContent): Block[] {
  if (importance.kind === 'unknown')
    return [
      { kind: 'notice', tone: 'info', text: `How much each parameter matters cannot be told: ${importance.reason}.` },
    ]
  return importance.doubt === undefined ? [] : [{ kind: 'notice', tone: 'warning', text: importance.doubt }]
}

function facts(content: StudyContent): Block {
  const { study, objective, folds, seeds, scores } = content
  const fits = [...scores.values()].reduce((sum, one) => sum + one.fits.length, 0)
  const work = [...scores.values()].reduce((sum, { seconds }) => sum + seconds, 0)
  const began = study.trials.map((trial) => trial.began)
  const ended = study.trials.flatMap((trial) => trial.ended ?? [])
  const span = ended.length === 0 ? undefined : (Math.max(...ended) - Math.min(...began)) / 1000
  const workers = new Set(study.trials.map(({ worker }) => worker)).size
  const described = ({ kind, config }: { readonly kind: string; readonly config: Readonly<Record<string, unknown>> }) =>
    readable(JSON.parse(JSON.stringify({ kind, ...config })))
  return {
    kind: 'facts',
    caption: 'How it was searched.',
    facts: [
      ['goal', `${study.direction === 'minimize' ? 'lowest' : 'highest'} ${objective}`],
      ['sampler', described(study.sampler)],
      ['pruner', described(study.pruner)],
      ...(folds === undefined ? [] : [['cross-validation', readable(JSON.parse(JSON.stringify(folds)))] as const]),
      ...(seeds === undefined ? [] : [['seeds of a trial', seeds.join(', ')] as const]),
      ['trials', counted(content)],
      ...(fits === 0 ? [] : [['trainings of complete trials', `${whole(fits)}, ${duration(work)} of work`] as const]),
      ...(span === undefined ? [] : [['from first to last', duration(span)] as const]),
      ...(began.length === 0 ? [] : [['begun', time(new Date(Math.min(...began)).toISOString())] as const]),
      ['workers', whole(workers)],
    ],
  }
}

const constraints = ({ study: { space } }: StudyContent): Block[] =>
  space.constraints.length === 0 ? [] : [{ kind: 'paragraph', text: `Constraints: ${space.constraints.join('; ')}.` }]

const versionsText = ({ assay, node, onnxruntime }: Surroundings['versions']): string =>
  `Assay ${assay}, Node ${node}, ONNX Runtime ${onnxruntime}`

/** Samplers whose suggestions depend on which trials had ended. */
const LEARNING = new Set(['tpe', 'cmaEs'])

function repeat({ study, search }: StudyContent, { versions, searchFile }: Surroundings): Block[] {
  const order = LEARNING.has(study.sampler.kind)
    ? 'The sampler learns from the trials that have ended: one worker repeats the search trial for trial, several end them in an order that chance decides.'
    : 'Trials depend on the key alone: any number of workers makes the same ones.'
  return [
    {
      kind: 'facts',
      caption: `What it follows from. ${order}`,
      facts: [
        ['key', `${study.key.low}${study.key.high === 0 ? '' : `, ${study.key.high}`}`],
        ...(search === undefined
          ? []
          : [
              ['file', search.file] as const,
              ['file’s hash when it was begun', search.fileHash.slice(0, 16)] as const,
              ...(search.fingerprint === undefined
                ? []
                : [['training data’s fingerprint', search.fingerprint.slice(0, 16)] as const]),
              ['versions when it was begun', versionsText(search.versions)] as const,
            ]),
        ['versions of this page', versionsText(versions)],
      ],
    },
    ...(search === undefined || searchFile === undefined
      ? []
      : [{ kind: 'code', text: `npx assay search ${searchFile} --trials ${search.trials}` } as const]),
  ]
}
