import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import writeFileAtomic from 'write-file-atomic'
import type { Dataset, LoadHooks } from '../data/index.ts'
import {
  PROJECTIONS,
  type Profile,
  type ProfilePictures,
  type ProjectionMethod,
  profileSplits,
  profileTable,
  type Structure,
  structureOf,
  tableSamples,
} from '../data/profile/index.ts'
import type { Table } from '../data/table/table.ts'

import { UsageError } from '../errors.ts'
import { key } from '../random/index.ts'
import {
  audioFigures,
  figureSection,
  profileFigures,
  profileReport,
  saveProfile,
  saveProfileFigures,
  structureFigures,
  structureSection,
} from '../report/index.ts'
import { slug } from '../runs/store.ts'
import '../runtime/ort/node.ts'
import { interruptible } from './interrupts.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { assignment, wholeNumber } from './parse.ts'
import { type CsvSaid, profiledOf, tableLoader } from './profileSource.ts'
import { profileText, structureText } from './profileText.ts'
import { type TaskBar, taskBar } from './taskBar.ts'

const readCsvOption = assignment('--csv', 'encoding=latin-1')
const nothingSaid: CsvSaid = {}

export const profileCommand = new Command('profile')
  .description(
    'Look at data before training: samples, range, missing values, classes, duplicates, what to do about them',
  )
  .argument(
    '<source>',
    'mnist, fashion-mnist or cifar10; a table (.csv, .tsv, .parquet, .json); a folder of images or sounds; or an experiment file (.ts), for its data',
  )
  .option('--target <column>', 'column of a table that is to be told from the others')
  .option('--test <file>', 'table with the rows that are kept for testing')
  .option(
    '--csv <option=value>',
    'how a CSV file is written, where that is not found out: encoding=latin-1, header=false, decimal=, …; may be given more than once',
    (text: string, before: CsvSaid) => ({ ...before, ...Object.fromEntries([readCsvOption(text)]) }),
    nothingSaid,
  )
  .option('--clusters', 'look for groups by k-means and DBSCAN, and compare them with the labels')
  .option('--project <methods>', 'place samples in the plane by pca, umap, tsne', methods, [])
  .option('--samples <n>', 'how many samples clusters and projections take', wholeNumber('--samples', 10), 2000)
  .option('--html <file>', 'write one HTML file with figures inside')
  .option('--save [folder]', 'keep it for reports: profile.json and all figures in profiles/NAME, or in <folder>')
  .option('--figures <folder>', 'save every figure as Vega-Lite specification, SVG and CSV in <folder>/figures')
  .option('--seed <n>', 'seed of what is drawn by chance, such as the samples shown', wholeNumber('--seed', 0), 0)
  .option('--json', 'print the profile as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay profile mnist --html mnist.html
  assay profile people.csv --target income
  assay profile mnist --clusters --project pca,umap,tsne --html mnist.html
  assay profile mnist --save   (then, in a report: {{ profile('mnist').train.samples }})`,
  )
  .action(async (what, options) => {
    const bar = taskBar()
    try {
      await interruptible(async (check) => {
        await profile(what, options, {
          at: (task, share, detail) => {
            check()
            bar.at(task, share, detail)
          },
          stop: bar.stop,
        })
      })
    } finally {
      bar.stop()
    }
  })

/** Looks, draws, and prints. */
async function profile(what: string, options: ProfileOptions, bar: TaskBar): Promise<void> {
  const { html, figures, save, json = false } = options
  const { profile, pictures, dataset, rate } = await look(what, options, bar)
  const structure = await structured(dataset, options, bar)
  const sounds =
    pictures && profile.modality === 'audio' && rate !== undefined
      ? audioFigures(pictures, profile.shape[0] ?? 1, rate)
      : []
  const more = structure && dataset ? await structureFigures(structure, dataset) : []
  if (html !== undefined) {
    bar.at('drawing', 1)
    const sections = [
      ...(sounds.length > 0 ? [await figureSection('Sounds', sounds)] : []),
      ...(structure ? [await structureSection(structure, more)] : []),
    ]
    const page = await profileReport(profile, pictures, { sections })
    await mkdir(dirname(resolve(html)), { recursive: true })
    await writeFileAtomic(resolve(html), page)
  }
  if (figures !== undefined)
    await saveProfileFigures(resolve(figures), [...profileFigures(profile), ...sounds, ...more])
  const kept =
    save === undefined
      ? undefined
      : await saveProfile(resolve(save === true ? join('profiles', slug(profile.name)) : save), profile, {
          ...(pictures !== undefined && { pictures }),
          ...(structure !== undefined && { structure }),
          figures: [...sounds, ...more],
        })
  bar.stop()
  if (json) printJson({ ...profile, ...(structure && { structure }) })
  else print([profileText(profile), ...(structure ? [structureText(structure)] : [])].join('\n\n'))
  for (const path of [html, figures, kept]) if (path !== undefined) note(`written: ${resolve(path)}`)
}

interface ProfileOptions extends LookOptions {
  readonly html?: string | undefined
  readonly figures?: string | undefined
  /** `true`: in its usual folder. */
  readonly save?: string | true | undefined
  readonly json?: true | undefined
}

interface LookOptions {
  readonly target?: string | undefined
  readonly test?: string | undefined
  readonly csv: CsvSaid
  readonly seed: number
  readonly clusters?: true | undefined
  readonly project: readonly ProjectionMethod[]
  readonly samples: number
}

interface Looked {
  readonly profile: Profile
  readonly pictures?: ProfilePictures
  /** What clusters are looked for in; absent where a table has no column for it. */
  readonly dataset: Dataset | undefined
  /** Of sounds: values a second. */
  readonly rate?: number
}

/** Loads what is asked for and looks at it. */
async function look(what: string, options: LookOptions, bar: TaskBar): Promise<Looked> {
  const { target, test, seed, csv } = options
  const wantsStructure = options.clusters === true || options.project.length > 0
  const hooks: LoadHooks = { onProgress: loading(bar).at }
  // Waiting for a turn of the event loop, in which signals are heard.
  const onProgress = (share: number): Promise<void> => {
    bar.at('looking', share)
    return setImmediate()
  }
  const profiled = await profiledOf(what, csv, hooks)
  if (profiled.kind === 'table') {
    const table = await profiled.load(hooks)
    const tested = test === undefined ? undefined : await testTable(test, csv, hooks, table)
    const profile = await profileTable(table, {
      ...(target !== undefined && { target }),
      ...(tested && { test: tested }),
      onProgress,
    })
    return { profile, dataset: wantsStructure ? tableSamples(table, profile.problem) : undefined }
  }
  if (target !== undefined || test !== undefined || Object.keys(csv).length > 0)
    throw new UsageError(`profile: --target, --test and --csv are for tables, and ${what} says itself what they are`)
  const splits = await profiled.source.load(hooks)
  const { facts, rate } = profiled
  const looked = await profileSplits(splits, {
    key: key(seed),
    ...(facts && { facts }),
    onProgress,
  })
  return { ...looked, dataset: splits.train, ...(rate !== undefined && { rate }) }
}

/** Clusters and projections, if they are asked for. */
async function structured(
  dataset: Dataset | undefined,
  { clusters, project, samples, seed }: LookOptions,
  bar: TaskBar,
): Promise<Structure | undefined> {
  if (clusters === undefined && project.length === 0) return undefined
  if (dataset === undefined)
    throw new UsageError('profile: no column is left to look for groups in: they never change, or are names')
  const onProgress = async (doing: string, share: number): Promise<void> => {
    bar.at(doing, share)
    await setImmediate()
  }
  return structureOf(dataset, {
    key: key(seed),
    clusters: clusters === true,
    projections: project,
    samples,
    onProgress,
  })
}

/** A parser for methods with commas between them. */
function methods(text: string): ProjectionMethod[] {
  return text.split(',').map((name) => {
    const known = PROJECTIONS.find((method) => method === name.trim())
    if (known !== undefined) return known
    throw new UsageError(`--project names "${name}": give some of ${PROJECTIONS.join(', ')} with commas between them`)
  })
}

async function testTable(file: string, csv: CsvSaid, hooks: LoadHooks, like: Table): Promise<Table> {
  if (!existsSync(file)) throw new UsageError(`profile: there is no file ${resolve(file)} for --test`)
  return tableLoader(resolve(file), csv)(hooks, like)
}
