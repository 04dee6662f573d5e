import { Command, Option } from '@commander-js/extra-typings'
import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import { maximizePictures, objectivesOf } from '../../figures/index.ts'
import { type Objective, PARAMETRIZATIONS } from '../../inspect/index.ts'
import type { TargetKind } from '../../nn/index.ts'
import { positive, wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const maximizeCommand = sampleOptions(runOptions(new Command('maximize')))
  .description('Find inputs that excite classes, channels or units most, by gradient ascent')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--class <names>', 'classes, by name; default: all (of other networks: all outputs)', (text) =>
    text.split(',').map((name) => name.trim()),
  )
  .option('--layer <path>', 'a layer, as assay summary names it, in place of classes')
  .option('--channels <numbers>', 'its channels, as in 0,3,7; default: the first 16', numbers('--channels'))
  .option('--units <numbers>', 'single numbers that it puts out, counted through its output', numbers('--units'))
  .addOption(
    new Option('--parametrization <kind>', 'waves of all frequencies, or single pixels')
      .choices(PARAMETRIZATIONS)
      .default('fourier' as const),
  )
  .option('--steps <n>', 'steps of the ascent; default 256', wholeNumber('--steps', 1))
  .option('--lr <rate>', 'learning rate of Adam; default 0.05', positive('--lr'))
  .option(
    '--jitter <n>',
    'places by which inputs are moved at most before each step; default: a fourteenth of their side',
    wholeNumber('--jitter', 0),
  )
  .option('--tv <weight>', 'weight of the total variation; default 0.5', weight('--tv'))
  .option('--l2 <weight>', 'weight of the distance from the mean; default 0.5', weight('--l2'))
  .option('--seed <n>', 'of the beginning, of jitter and of noise', wholeNumber('--seed', 0), 0)
  .addHelpText(
    'after',
    `
Examples:
  assay inspect maximize latest
  assay inspect maximize latest --layer 4 --channels 0,1,2,3
  assay inspect maximize latest --class 3,8 --parametrization pixels --tv 2 --steps 512`,
  )
  .action(
    async (
      name,
      { json, out, runs, file, weights, data, split, resize, class: classes, layer, channels, units, tv, ...options },
    ) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { loaded, run } = subject
        if (classes !== undefined && layer !== undefined)
          throw new UsageError('--class and --layer both say what is to be excited: give one of them')
        const objectives =
          classes?.map((one) => outputNamed(one, loaded.target)) ?? objectivesOf(loaded, layer, { channels, units })
        const all = await samples(subject, { data, split, resize })
        const pictures = await maximizePictures(loaded, all, {
          ...{ ...options, objectives, totalVariation: tv },
          onProgress: (task, share) => {
            check()
            bar.at(task, share)
          },
        })
        bar.stop()
        const notes = [...loaded.notes, ...all.notes]
        await tellFindings(folderFor(run, 'maximize', out), pictures, {
          json,
          facts: { run: run.id, data: all.name },
          notes,
        })
      })
    },
  )

function outputNamed(name: string, target: TargetKind): Objective {
  if (target.task !== 'classification')
    throw new UsageError('--class is for networks that tell classes apart: leave it out')
  const index = target.classes.indexOf(name)
  if (index < 0) throw new UsageError(missingName('the network', 'class', name, target.classes))
  return { kind: 'output', index }
}

function numbers(option: string): (text: string) => number[] {
  return (text) => text.split(',').map((part) => wholeNumber(option, 0)(part))
}

function weight(option: string): (text: string) => number {
  return (text) => (text.trim() === '0' ? 0 : positive(option)(text))
}
