import { join, resolve } from 'node:path'
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import { openRun, type Run } from '../../runs/index.ts'
import '../../runtime/ort/node.ts'
import {
  fitSamples,
  type LoadedNetwork,
  loadNetwork,
  type Samples,
  SPLITS,
  type SplitName,
  type TestedModel,
  testedNetwork,
  type WeightsChoice,
} from '../../runs/testModel/index.ts'
import type { Experiment } from '../../train/index.ts'
import { experimentOfRun } from '../experimentOfRun.ts'
import { interruptible } from '../interrupts.ts'
import { loading } from '../loading.ts'
import { wholeNumber } from '../parse.ts'
import { type TaskBar, taskBar } from '../taskBar.ts'
import { samplesFor } from '../testModelSource.ts'

/** A run that is looked into: its experiment, its network with trained weights, and the same network as it predicts. */
export interface Subject {
  readonly run: Run
  readonly experiment: Experiment
  readonly loaded: LoadedNetwork
  readonly model: TestedModel
}

/** Options of every command that looks into one run. */
export const runOptions = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command
    .addOption(
      new Option('--weights <which>', 'the run’s weights at its end, at its best, or of its last checkpoint').choices([
        'final',
        'best',
        'last',
      ] as const),
    )
    .option('--out <folder>', 'where pictures and numbers go; default: a folder of this name in the run’s figures')
    .option('--file <file>', 'the run’s experiment file, where it is not where it was')
    .option('--runs <folder>', 'folder that holds the runs', 'runs')
    .option('--json', 'print what was found as JSON')

/** Options of commands that look at what a run makes of samples. */
export const sampleOptions = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command
    .option('--data <what>', 'other data, as for assay test-model: an image, a folder, a table, mnist, …')
    .addOption(new Option('--split <name>', 'which split').choices(SPLITS).default('test' as const))
    .option('--resize', 'bring images of another size to the model’s')

/** Options of commands that look at a few samples. */
export const chosenOptions = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command
    .option('--inputs <numbers>', 'which samples of the split, from 0, as in 0,5,17', (text) =>
      text.split(',').map((part) => wholeNumber('--inputs', 0)(part)),
    )
    .option('--per-class <n>', 'the first n samples of each class', wholeNumber('--per-class', 1))

interface Chosen {
  readonly runs: string
  readonly file?: string | undefined
  readonly weights?: WeightsChoice | undefined
}

interface ChosenSamples {
  readonly data?: string | undefined
  readonly split: SplitName
  readonly resize?: true | undefined
}

/** What a command that looks into runs works with: it can be interrupted, and its loading is shown. */
export interface Look {
  readonly bar: TaskBar
  /** Throws where the user has asked to stop. */
  check(): void
  /** A run, its experiment and its network. */
  open(name: string, options: Chosen): Promise<Subject>
  /** Samples of a split of the run, or of other data, brought to what the model takes. */
  samples(subject: Subject, options: ChosenSamples): Promise<Samples>
}

/**
 * Does the work of a command that looks into runs: shows the loading of data on a bar, ends in good order on a signal.
 *
 * @example
 * await look(async ({ bar, check, open }) => { const { loaded } = await open('latest', { runs: 'runs' }) })
 */
export async function look(work: (hooks: Look) => Promise<void>): Promise<void> {
  const bar = taskBar()
  const loads = loading(bar)
  try {
    await interruptible(async (check) => {
      const hooks = {
        onProgress: (progress: Parameters<typeof loads.at>[0]) => {
          check()
          loads.at(progress)
        },
      }
      await work({
        bar,
        check,
        open: async (name, { runs, file, weights }) => {
          const run = await openRun(resolve(runs), name)
          const experiment = await experimentOfRun(run, file)
          const loaded = await loadNetwork(run, experiment, { ...hooks, ...(weights && { weights }) })
          return { run, experiment, loaded, model: testedNetwork(loaded, experiment) }
        },
        samples: async ({ run, experiment, model }, options) =>
          fitSamples(await samplesFor({ model, run, experiment }, options, hooks), model),
      })
    })
  } finally {
    loads.stop()
    bar.stop()
  }
}

/** What is to be known of networks, as that a run was cut off and these are its last weights. */
export const networkNotes = (subjects: readonly Pick<Subject, 'run' | 'loaded'>[]): string[] =>
  subjects.flatMap(({ run, loaded }) => loaded.notes.map((text) => `${run.id}: ${text}`))

/** Where a look's pictures go: `--out`, or `figures/NAME` in the run's folder. */
export const folderFor = ({ folder }: Pick<Run, 'folder'>, name: string, out: string | undefined): string =>
  out === undefined ? join(folder, 'figures', name) : resolve(out)
