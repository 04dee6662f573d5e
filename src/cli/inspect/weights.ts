import { Command } from '@commander-js/extra-typings'
import { UsageError } from '../../errors.ts'
import { weightPictures } from '../../figures/index.ts'
import { atMost, recordedWeights, runSnapshots } from '../../inspect/index.ts'
import { recordedFiles } from '../../runs/index.ts'
import { preparedShape } from '../../train/index.ts'
import { wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const weightsCommand = sampleOptions(runOptions(new Command('weights')))
  .description('Show the weights: distributions before and after, norms, singular values, filters, and which matter')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--layer <paths>', 'paths of layers, with commas between; default: all', (text) =>
    text.split(',').map((path) => path.trim()),
  )
  .option('--no-ablation', 'do not set weights to 0 to see which matter')
  .option('--shares <numbers>', 'shares of the weights that are set to 0, as in 0,0.5,0.9', (text) =>
    text.split(',').map(share),
  )
  .option('--draws <n>', 'random orders that rankings are compared with', wholeNumber('--draws', 0), 5)
  .option(
    '--samples <n>',
    'samples, drawn by chance, of the training split on which weights are ranked and of --split on which they are judged',
    wholeNumber('--samples', 1),
    2000,
  )
  .option('--seed <n>', 'of the samples and the random orders', wholeNumber('--seed', 0), 0)
  .addHelpText(
    'after',
    `
Weights over the epochs are shown of runs that recorded them: train with --set record.weights.everyEpochs=1.

Examples:
  assay inspect weights latest
  assay inspect weights mnist-dense-s0 --split validation --samples 5000 --draws 10
  assay inspect weights latest --layer 0,3 --no-ablation --json`,
  )
  .action(
    async (
      name,
      { json, out, layer, ablation, shares, draws, samples: count, seed, runs, file, weights, ...asked },
    ) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { run, experiment, loaded, model } = subject
        const { network, variables } = loaded
        const all = ablation ? atMost(await samples(subject, asked), count, seed) : undefined
        if (all !== undefined && !all.labelled)
          throw new UsageError(`${all.name} has no true answers to judge by: give data with them, or --no-ablation`)
        // Of other data the run's training split says what its weights are for, too.
        const rankedOn = all === undefined ? undefined : atMost(await samples(subject, { split: 'train' }), count, seed)
        const recorded = (await recordedFiles(run.folder)).length > 0 ? await recordedWeights(run) : []
        const { pictures, importance, notes } = await weightPictures(
          { network, loss: experiment.loss, variables },
          preparedShape(network, loaded.sample),
          await runSnapshots(run, loaded, weights),
          model,
          {
            ...{ layers: layer, shares, draws, seed, recorded },
            ...{ samples: all, rankedOn },
            onProgress: (task, done) => {
              check()
              bar.at(task, done)
            },
          },
        )
        bar.stop()
        await tellFindings(folderFor(run, 'weights', out), pictures, {
          json,
          facts: {
            run: run.id,
            ...(all && { data: all.name, samples: all.indices.length, rankedOn: rankedOn?.name }),
            importance,
          },
          notes: [
            ...loaded.notes,
            ...(all?.notes ?? []),
            ...(rankedOn ? [`weights are ranked on ${rankedOn.name}`] : []),
            ...notes,
          ],
        })
      })
    },
  )

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new UsageError(`--shares has "${text}": give numbers from 0 to 1, as in 0,0.5,0.9`)
}
