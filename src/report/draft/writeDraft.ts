import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { quoted } from '../../audit/facts/facts.ts'
import { UsageError } from '../../errors.ts'
import { openRuns, type RunGroup } from '../../runs/index.ts'
import { slug } from '../../runs/store.ts'
import { groupTitle } from '../group/groupReport.ts'
import { openRecords, type Records } from '../references/index.ts'
import { readStudyContent } from '../study/index.ts'
import { contextOf, type DraftContext, type DraftSubject, ownPlace, paragraphs } from './context.ts'
import { newFront, partFile, renewedFront } from './front.ts'
import { isChanged, partBody, withWords } from './ownWords.ts'
import { appendixSection } from './sections/appendix.ts'
import { attributionSection } from './sections/attribution.ts'
import { dataSection } from './sections/dataSection.ts'
import { discussionSection } from './sections/discussion.ts'
import { methodSection } from './sections/method.ts'
import { reproducibilitySection } from './sections/reproducibility.ts'
import { resultsSection } from './sections/results.ts'

export interface DraftOptions {
  /** Folder of runs. */
  readonly runs: string
  /** In which the folder of the write-up is made; default: the current one. */
  readonly into?: string
}

/** A draft after it was written. */
export interface WrittenDraft {
  /** Of the source. */
  readonly path: string
  /** Where an earlier source went whose generated part was changed by hand. */
  readonly before?: string
  /** What it was written from: a build of it need not read the runs again. */
  readonly records: Records
}

/**
 * Writes a complete draft on a run, an experiment, a group, a grid or a study: `NAME-report/report.md`, whose every number is a reference.
 * Where there is one already, what was generated is written again; the author's own words and the front matter stay.
 *
 * @param reference - as `openRuns` takes it; or the name or folder of a study, also as `study:NAME`
 * @throws UsageError when nothing is called so
 *
 * @example
 * const { path } = await writeDraft('cnn-comparison', { runs: 'runs' })
 * const { document } = await buildReport(path)
 */
export async function writeDraft(reference: string, { runs, into = '.' }: DraftOptions): Promise<WrittenDraft> {
  const root = resolve(runs)
  const found = await subjectOf(reference, root)
  const folder = join(resolve(into), `${slug(found.title)}-report`)
  const path = join(folder, 'report.md')
  const slashed = (to: string): string => relative(folder, to).split(sep).join('/') || '.'
  const records = openRecords(root, folder)
  const study = found.study
  const inside = study && dirname(study) === join(dirname(root), 'studies') ? basename(study) : study && slashed(study)
  const data = found.groups[0]?.runs[0]?.manifest.data.name
  const profile = data === undefined ? undefined : profileOf(data, [folder, dirname(root)])
  const subject: DraftSubject = {
    title: found.title,
    ...(found.groups.length > 0 && { runs: { expression: found.expression, groups: found.groups } }),
    ...(study !== undefined &&
      inside !== undefined && {
        study: { expression: `study(${quoted(inside)})`, content: await readStudyContent(study, { runs: root }) },
      }),
    ...(profile !== undefined && { profile: `profile(${quoted(profile)})` }),
  }
  const context = await contextOf(subject, records)
  const body = await draftBody(context)
  const front = { title: titleText(found.title), runs: slashed(root), references: context.works() }
  await mkdir(folder, { recursive: true })
  if (!existsSync(path)) {
    await writeFileAtomic(path, `${newFront(front)}\n${withWords(body, [])}`)
    return { path, records }
  }
  const old = await readFile(path, 'utf8')
  const parted = partFile(old)
  const earlier = partBody(parted.body)
  const kept = parted.front === '' ? newFront(front) : renewedFront(parted.front, front, path)
  const text = `${kept}\n${withWords(body, earlier.own)}`
  const before = isChanged(earlier) ? freeName(folder) : undefined
  if (before !== undefined) await writeFileAtomic(before, old)
  await writeFileAtomic(path, text)
  return { path, records, ...(before !== undefined && { before }) }
}

/** Words of names that are written in capitals. */
const CAPITALS = /\b(?:mnist|cifar|cnn|mlp|vae|knn|svm|pca|sgd)\b/gi

/** `cnn-comparison` as `CNN comparison`. */
function titleText(name: string): string {
  const words = name.replace(/[-_]+/g, ' ').trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace(CAPITALS, (word) => word.toUpperCase())
}

function freeName(folder: string): string {
  for (let n = 1; ; n += 1) {
    const path = join(folder, `report.before-${n}.md`)
    if (!existsSync(path)) return path
  }
}

const profileOf = (data: string, places: readonly string[]): string | undefined =>
  [data, slug(data)].find((name) => places.some((place) => existsSync(join(place, 'profiles', name, 'profile.json'))))

interface Found {
  readonly title: string
  readonly expression: string
  readonly groups: readonly RunGroup[]
  /** Folder of a study. */
  readonly study?: string
}

async function subjectOf(reference: string, root: string): Promise<Found> {
  const asked = reference.startsWith('study:') ? reference.slice('study:'.length) : undefined
  const study = studyFolder(asked ?? reference, root)
  if (asked !== undefined && study === undefined)
    throw new UsageError(
      `there is no study "${asked}": neither a folder of that name nor ${join(dirname(root), 'studies', asked)} holds a study.json`,
    )
  if (asked === undefined) {
    try {
      const { groups } = await openRuns(root, [reference])
      const [group] = groups
      const [run] = group?.runs ?? []
      // A run that was asked for by its id is a group of its own; a name may have more runs tomorrow.
      const isRun = groups.length === 1 && run !== undefined && group?.id === run.id
      return {
        groups,
        title: isRun ? run.id : groupTitle(groups),
        expression: isRun ? `run(${quoted(run.id)})` : `group(${quoted(reference)})`,
      }
    } catch (error) {
      if (!(error instanceof UsageError) || study === undefined) throw error
    }
  }
  const folder = study ?? ''
  const { study: stored } = await readStudyContent(folder)
  return { title: stored.name, study: folder, ...(await finalRunsOf(stored.name, root)) }
}

/** Runs of the best configuration of a study, where it was trained. */
async function finalRunsOf(name: string, root: string): Promise<Pick<Found, 'expression' | 'groups'>> {
  try {
    const best = `${name}-best`
    const { groups } = await openRuns(root, [best])
    return { groups, expression: `group(${quoted(best)})` }
  } catch (error) {
    if (error instanceof UsageError) return { groups: [], expression: '' }
    throw error
  }
}

const studyFolder = (name: string, root: string): string | undefined =>
  [resolve(name), resolve('studies', name), join(dirname(root), 'studies', name)].find((folder) =>
    existsSync(join(folder, 'study.json')),
  )

async function draftBody(context: DraftContext): Promise<string> {
  const { expression: e, said, all, study } = context
  const sections = [
    '# Goals {#sec:goals}',
    ownPlace('goals', 'What question do you ask, why does it matter, and what do you expect? One paragraph.'),
    all.length > 1
      ? await said(`This report rests on {{ ${e}.runs }} runs, {{ ${e}.finished }} of which finished.`)
      : '',
    all.length === 0 && study !== undefined
      ? await said(`This report rests on {{ ${study.expression}.trials }} trials of a search.`)
      : '',
    await dataSection(context),
    await methodSection(context),
    await resultsSection(context),
    await discussionSection(context),
    await reproducibilitySection(context),
    await attributionSection(context),
    await auditSection(context),
    await appendixSection(context),
  ]
  return `${paragraphs(sections)}\n`
}

/** What speaks against the runs, as the audit has it when the report is built. */
async function auditSection({ expression: e, all, block }: DraftContext): Promise<string> {
  if (all.length === 0) return ''
  return paragraphs([
    '# Findings of the audit {#sec:audit}',
    await block(`table('audit', ${e})`),
    ownPlace('audit', 'Which of these findings did you mend, and why do the others not matter here?'),
  ])
}
