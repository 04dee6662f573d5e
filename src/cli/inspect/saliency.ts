import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../../errors.ts'
import { fewSamples, saliencyPictures } from '../../figures/index.ts'
import { BASELINES, SALIENCY_METHODS, type SaliencyMethod } from '../../inspect/index.ts'
import { wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { chosenOptions, folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const saliencyCommand = chosenOptions(sampleOptions(runOptions(new Command('saliency'))))
  .description('Say what in a sample the network’s answer depends on, by several methods, and whether to believe them')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option(
    '--method <names>',
    `one or more of ${SALIENCY_METHODS.join(', ')}; default: all that fit the model`,
    methodsOf,
  )
  .option('--output <what>', 'what is explained: predicted, true, a class, or the number of an output', 'predicted')
  .addOption(
    new Option(
      '--baseline <what>',
      'what samples are compared with; default: black for images, the mean sample otherwise',
    ).choices(BASELINES),
  )
  .option(
    '--layer <path>',
    'layer of Grad-CAM, as assay summary names it; default: the last convolution with its nonlinearity',
  )
  .option(
    '--steps <n>',
    'points of integrated gradients; default: as many as it takes to add up',
    wholeNumber('--steps', 1),
  )
  .option('--copies <n>', 'noisy copies of SmoothGrad; default 64', wholeNumber('--copies', 1))
  .option('--size <n>', 'side of the occluding window; default: a seventh of the sample', wholeNumber('--size', 1))
  .option('--seed <n>', 'of noise and randomised weights', wholeNumber('--seed', 0), 0)
  .option('--no-sanity', 'leave out the check by randomised weights')
  .option('--no-curves', 'leave out deletion and insertion')
  .addHelpText(
    'after',
    `
Examples:
  assay inspect saliency latest
  assay inspect saliency latest --inputs 0,5,17 --method gradient,integrated-gradients,grad-cam --baseline blur
  assay inspect saliency latest --data cat.png --resize --output cat`,
  )
  .action(
    async (name, { json, out, inputs, perClass, method, runs, file, weights, data, split, resize, ...options }) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { loaded, model, run } = subject
        const all = await samples(subject, { data, split, resize })
        const few = fewSamples(all, { inputs, perClass })
        const { pictures, notes, ...facts } = await saliencyPictures(loaded, model, all, few, {
          ...options,
          methods: method,
          onProgress: (task, share) => {
            check()
            bar.at(task, share)
          },
        })
        bar.stop()
        await tellFindings(folderFor(run, 'saliency', out), pictures, {
          json,
          facts: { run: run.id, data: all.name, inputs: few, ...facts },
          notes: [...loaded.notes, ...all.notes, ...notes],
        })
      })
    },
  )

function methodsOf(text: string): SaliencyMethod[] {
  return text.split(',').map((part) => {
    const found = SALIENCY_METHODS.find((method) => method === part.trim())
    if (found === undefined)
      throw new UsageError(`--method is "${part.trim()}": give one or more of ${SALIENCY_METHODS.join(', ')}`)
    return found
  })
}
