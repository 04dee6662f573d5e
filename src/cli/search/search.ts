import { Command, Option } from '@commander-js/extra-typings'
import { samplerNames } from '../../search/searching/samplerNames.ts'
import { INTERRUPTED } from '../interrupts.ts'
import { wholeNumber } from '../parse.ts'
import { pdfOptions } from '../pdfOptions.ts'
import { folderOf } from './folders.ts'
import {
  accountOption,
  noWaitOption,
  partitionOption,
  sbatchArgOption,
  throttleOption,
  timeOption,
  waitOption,
} from './slurmFlags.ts'

/** Loaded when it is needed: a worker needs none of it, and there may be hundreds. */
const running = () => import('./run.ts')
const looking = () => import('./look.ts')

const workersOption = () =>
  new Option('--workers <n>', 'processes that train, default one a core and 2 GB of memory').argParser(
    wholeNumber('--workers', 1),
  )
const threadsOption = () =>
  new Option('--threads <n>', 'threads inside one op, of each worker').argParser(wholeNumber('--threads', 1)).default(1)
const memoryOption = () =>
  new Option('--memory <MB>', 'that a worker may take: one that takes more ends after its trial, and another begins')
    .argParser(wholeNumber('--memory', 256))
    .default(2048)
const onOption = () =>
  new Option('--on <place>', 'where workers run: here, or on a Slurm cluster; default where they were last').choices([
    'local',
    'slurm',
  ] as const)
const studiesOption = () => new Option('--studies <folder>', 'folder that holds the studies').default('studies')
const trialsOption = () =>
  new Option('--trials <n>', 'trials in all, instead of the search’s').argParser(wholeNumber('--trials', 1))
const jsonOption = (what: string) => new Option('--json', `print ${what} as JSON`)

/** A command that works on a search, with what both of them are told. */
const workingCommand = (name: string) =>
  new Command(name)
    .addOption(trialsOption())
    .addOption(onOption())
    .addOption(workersOption())
    .addOption(threadsOption())
    .addOption(memoryOption())
    .addOption(partitionOption())
    .addOption(accountOption())
    .addOption(timeOption())
    .addOption(throttleOption())
    .addOption(sbatchArgOption())
    .addOption(waitOption())
    .addOption(noWaitOption())
    .option('--final', 'train the best configuration at the end and test it once, as assay run would')
    .option('--runs <folder>', 'folder of runs, for --final', 'runs')
    .addOption(studiesOption())
    .addOption(jsonOption('plan, counts and the best trial (with --final, what assay run prints comes after it)'))

export const searchCommand = workingCommand('search')
  .enablePositionalOptions()
  .description(
    'Search for the best configuration of an experiment, with several workers; the test split is not looked at',
  )
  .argument('<file>', 'TypeScript file whose default export is a search')
  .addOption(new Option('--sampler <name>', 'another one than the file’s, with its defaults').choices(samplerNames))
  .option('--keep-runs', 'keep each training as a run in the study’s folder: each alone, slower')
  .addHelpText(
    'after',
    `
Examples:
  assay search examples/sinc-search.ts --workers 2
  assay search examples/sinc-search.ts --trials 200 --sampler random --final
  assay search examples/sinc-search.ts --on slurm --workers 64 --partition short --time 2:00:00
  assay search show sinc
The same command goes on with a search that is there, if its file still describes the same.
Ctrl-C gives the trials under way back; pressed again, it stops at once. No finished trial is lost, whatever stops a search.
Workers on Slurm do not need this command: Ctrl-C only ends the watching, assay search cancel stops them.
Exit code: 0 done, 1 failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (file, { studies, ...options }) => (await running()).startSearch(file, studies, options))

const study = '<study>'
const studyHelp = 'name of a study, or its folder'

searchCommand
  .addCommand(
    new Command('status')
      .description('Say how far a search is, and who works on it')
      .argument(study, studyHelp)
      .addOption(studiesOption())
      .addOption(jsonOption('it'))
      .addHelpText('after', '\nExample:\n  assay search status sinc')
      .action(async (name, { studies, json = false }) => (await looking()).showStatus(folderOf(studies, name), json)),
  )
  .addCommand(
    new Command('cancel')
      .description('Stop the workers of a search; assay search resume goes on')
      .argument(study, studyHelp)
      .addOption(studiesOption())
      .addOption(jsonOption('which were stopped'))
      .addHelpText('after', '\nExample:\n  assay search cancel sinc')
      .action(async (name, { studies, json = false }) =>
        (await looking()).cancelWorkers(folderOf(studies, name), json),
      ),
  )
  .addCommand(
    workingCommand('resume')
      .description('Go on with a search that was interrupted, cancelled or killed')
      .argument(study, studyHelp)
      .addHelpText('after', '\nExample:\n  assay search resume sinc --workers 4')
      .action(async (name, { studies, ...options }) =>
        (await running()).resumeSearch(folderOf(studies, name), options),
      ),
  )
  .addCommand(
    new Command('show')
      .description('Show the best trials of a search')
      .argument(study, studyHelp)
      .option('--top <n>', 'how many', wholeNumber('--top', 1), 10)
      .addOption(studiesOption())
      .addOption(jsonOption('them'))
      .addHelpText('after', '\nExample:\n  assay search show sinc --top 20')
      .action(async (name, { studies, top, json = false }) =>
        (await looking()).showTrials(folderOf(studies, name), top, json),
      ),
  )
  .addCommand(
    pdfOptions(
      new Command('report')
        .description('Write a page on a search: the best, how much of it is luck, what matters, how it was searched')
        .argument(study, studyHelp)
        .option('--runs <folder>', 'folder of runs, for the test score of the best configuration', 'runs')
        .option('--out <folder>', 'folder for the page, its figures and tables (default: the study’s own)')
        .addOption(studiesOption())
        .addOption(jsonOption('where it is, luck and importance')),
    )
      .addHelpText(
        'after',
        '\nExamples:\n  assay search report regression\n  assay search report regression --pdf --columns 2',
      )
      .action(async (name, { studies, ...options }) =>
        (await import('./report.ts')).reportStudy(folderOf(studies, name), options),
      ),
  )
  .addCommand(
    new Command('worker')
      .description('Work on a study until all its trials have ended; executors start this')
      .argument('<folder>', 'of the study')
      .addOption(workersOption().default(1))
      .addOption(threadsOption())
      .addOption(memoryOption())
      .action(async (folder, options) => (await import('./worker.ts')).runWorker(folder, options)),
    { hidden: true },
  )
