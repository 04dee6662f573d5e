import { Command } from '@commander-js/extra-typings'
import { activationPictures } from '../../figures/index.ts'
import { atMost } from '../../inspect/index.ts'
import { wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { layerPaths } from './layerPaths.ts'
import { chosenOptions, folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const activationsCommand = chosenOptions(sampleOptions(runOptions(new Command('activations'))))
  .description('Show what the units of layers do: dead and saturated ones, distributions, by class, for chosen inputs')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option(
    '--layer <paths>',
    'layers, as assay summary names them or counts them from 0, or "all"; default: the activations and the last layer',
    layerPaths,
  )
  .option('--units <numbers>', 'units whose profiles are drawn as lines; default: the eight that vary most', (text) =>
    text.split(',').map((part) => wholeNumber('--units', 0)(part)),
  )
  .option('--steps <n>', 'points along x, where inputs are one number', wholeNumber('--steps', 2), 200)
  .option(
    '--samples <n>',
    'at most so many samples of the split, drawn by chance; default: all',
    wholeNumber('--samples', 1),
  )
  .addHelpText(
    'after',
    `
Examples:
  assay inspect activations latest
  assay inspect activations sinc-s0 --layer 2 --units 0,3,7
  assay inspect activations mnist-dense-s0 --split validation --per-class 2 --json`,
  )
  .action(
    async (
      name,
      { json, out, layer, units, steps, inputs, perClass, samples: count, runs, file, weights, ...asked },
    ) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { loaded, model, run } = subject
        const all = await samples(subject, asked)
        const few = atMost(all, count)
        const { pictures, notes } = await activationPictures(loaded, model, few, {
          ...{ layers: layer, units, steps, inputs, perClass, chosenFrom: all },
          onProgress: (task, share) => {
            check()
            bar.at(task, share)
          },
        })
        bar.stop()
        await tellFindings(folderFor(run, 'activations', out), pictures, {
          json,
          facts: { run: run.id, data: few.name, samples: few.indices.length },
          notes: [...loaded.notes, ...all.notes, ...notes],
        })
      })
    },
  )
