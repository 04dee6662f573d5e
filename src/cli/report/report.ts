import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../../errors.ts'
import { type WrittenDraft, writeDraft } from '../../report/draft/index.ts'
import { FORMAT_NAMES, type FormatName, isFormatName } from '../../report/formats/index.ts'
import { isReport } from '../../report/source/index.ts'
import { isSearch } from '../../search/index.ts'
import { isExperiment, isGrid } from '../../train/index.ts'
import { loadDefault } from '../loadExperiment.ts'
import { note } from '../output.ts'
import { wholeNumber } from '../parse.ts'
import { buildSource, TYPESCRIPT } from './build.ts'
import { writePage } from './page.ts'

export const reportCommand = new Command('report')
  .description(
    'Write up runs: a report from a source in Markdown or TypeScript, with every number taken from a run; or a draft of one',
  )
  .argument(
    '<source>',
    'a write-up (report.md or report.ts); or a run (id, beginning of an id, folder, or "latest"), an experiment, a group, a grid or a study, of which a draft is written',
  )
  .option(
    '--format <list>',
    `formats with commas between them, of ${FORMAT_NAMES.join(', ')}; or all (default: html,pdf)`,
    formats,
  )
  .addOption(new Option('--columns <n>', 'columns of the PDF').choices(['1', '2'] as const))
  .option(
    '--pages <n>',
    'pages that the PDF may have, its appendix aside: more is an error that says what is beyond',
    wholeNumber('--pages', 1),
  )
  .option('--draft', 'show in the margin what the audit has against it, and where own words are missing')
  .option('--strict', 'fail (exit code 1) where the audit has found an error or a warning')
  .option('--runs <folder>', 'folder that holds the runs (default: what the source says, else runs)')
  .option('--out <folder>', 'folder for what is written (default: built, beside the source)')
  .option('--page', 'the automatic page of a run, a group or a grid, in place of a write-up')
  .option('--file <path>', 'with --page: experiment file of the run, where it is no longer in its place')
  .option('--no-samples', 'with --page: do not load the data, show no pictures of samples')
  .option('--json', 'print what was written, and which values were used, as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay report report.md
  assay report report.md --format html,pdf,slides --pages 6 --columns 2
  assay report cnn-comparison      (a draft: cnn-comparison-report/report.md, which is yours to write in; again, your own words stay)
  assay report study:sinc --format pdf
  assay report latest --page
  assay report grid:rates --page --out rates

In a write-up {{ run('resnet18').test.accuracy }} is a number of a run, {{ table('scores', group('cnn')) }} a table.
A format that fails does not keep the others from being written: the exit code is then 1.`,
  )
  .action(async (what, options) => {
    if (options.page === true) return writePage(what, options)
    if (options.file !== undefined || !options.samples)
      throw new UsageError('report: --file and --no-samples are for --page: a write-up needs no data')
    if (await isSource(what)) return buildSource(what, options)
    const { path, records } = await draftOf(what, options)
    await buildSource(path, { ...options, records })
  })

/** A draft on what is no source itself: a run, an experiment or its file, a group, a grid or a study. */
async function draftOf(
  what: string,
  { runs = 'runs', json }: { readonly runs?: string | undefined; readonly json?: true | undefined },
): Promise<WrittenDraft> {
  const reference = TYPESCRIPT.test(what) && existsSync(what) ? await nameIn(resolve(what)) : what
  const draft = await writeDraft(reference, { runs })
  const { path, before } = draft
  if (before !== undefined) note(`what was changed by hand outside of own words is kept in ${before}`)
  if (json !== true) note(`written: ${path}`)
  return draft
}

/** What a file's runs or study are called. */
async function nameIn(file: string): Promise<string> {
  const loaded = await loadDefault(file)
  if (isSearch(loaded)) return `study:${loaded.name}`
  if (isExperiment(loaded) || isGrid(loaded)) return loaded.name
  throw new UsageError(`${file} has no write-up, experiment, grid or search as its default export`)
}

/** Whether this is a file with a write-up; a file of code may hold an experiment in its place. */
async function isSource(what: string): Promise<boolean> {
  if (/\.(md|markdown)$/.test(what)) return true
  return TYPESCRIPT.test(what) && existsSync(what) && isReport(await loadDefault(resolve(what)))
}

/** A parser for formats with commas between them. */
function formats(text: string): readonly FormatName[] {
  if (text === 'all') return FORMAT_NAMES
  return [...new Set(text.split(',').map((name) => name.trim()))].map((name) => {
    if (isFormatName(name)) return name
    throw new UsageError(
      `--format names "${name}": give some of ${FORMAT_NAMES.join(', ')} with commas between them, or all`,
    )
  })
}
