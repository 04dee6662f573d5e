import { Command } from '@commander-js/extra-typings'
import { receptiveFieldPictures } from '../../figures/index.ts'
import { atMost } from '../../inspect/index.ts'
import { wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { layerPaths } from './layerPaths.ts'
import { folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const receptiveFieldsCommand = sampleOptions(runOptions(new Command('receptive-fields')))
  .description('Show what part of the input layers can see, and what part they do see')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option(
    '--layer <paths>',
    'layers, as assay summary names them or counts them from 0, or "all"; default: convolutions, pools and dense layers',
    layerPaths,
  )
  .option('--channel <n>', 'one channel in place of the sum over all', wholeNumber('--channel', 0))
  .option('--units <numbers>', 'units of dense layers; default: the first 32', (text) =>
    text.split(',').map((part) => wholeNumber('--units', 0)(part)),
  )
  .option(
    '--samples <n>',
    'samples that gradients are averaged over, drawn by chance',
    wholeNumber('--samples', 1),
    256,
  )
  .addHelpText(
    'after',
    `
Examples:
  assay inspect receptive-fields latest
  assay inspect receptive-fields mnist-convnet-s0 --layer 3,5 --channel 7
  assay inspect receptive-fields latest --weights best --samples 1000 --json`,
  )
  .action(async (name, { json, out, layer, channel, units, samples: count, runs, file, weights, ...asked }) => {
    await look(async ({ bar, check, open, samples }) => {
      const subject = await open(name, { runs, file, weights })
      const { loaded, run } = subject
      const few = atMost(await samples(subject, asked), count)
      const { pictures, notes } = await receptiveFieldPictures(loaded, few, {
        ...{ layers: layer, channel, units },
        onProgress: (task, share) => {
          check()
          bar.at(task, share)
        },
      })
      bar.stop()
      await tellFindings(folderFor(run, 'receptive-fields', out), pictures, {
        json,
        facts: { run: run.id, data: few.name, samples: few.indices.length },
        notes: [...loaded.notes, ...few.notes, ...notes],
      })
    })
  })
