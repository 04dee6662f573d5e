import { Command } from '@commander-js/extra-typings'
import { PROJECTIONS, type ProjectionMethod } from '../../data/profile/index.ts'
import { UsageError } from '../../errors.ts'
import { embeddingPictures } from '../../figures/index.ts'
import { wholeNumber } from '../parse.ts'
import { tellFindings } from './findings.ts'
import { folderFor, look, runOptions, sampleOptions } from './subject.ts'

export const embeddingCommand = sampleOptions(runOptions(new Command('embedding')))
  .description('Place samples in the plane by what a layer makes of them, and show the nearest neighbours of some')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--layer <path>', 'a layer, as assay summary names it; default: the one before the last with weights')
  .option('--method <names>', `one or more of ${PROJECTIONS.join(', ')}; default: all`, methodsOf)
  .option('--samples <n>', 'samples that are placed, drawn from the split; default 1000', wholeNumber('--samples', 1))
  .option('--k <n>', 'neighbours that count in votes and in what planes keep; default 10', wholeNumber('--k', 1))
  .option(
    '--inputs <numbers>',
    'samples whose neighbours are shown, as in 0,5,17; default: mistakes and others',
    (text) => text.split(',').map((part) => wholeNumber('--inputs', 0)(part)),
  )
  .option('--seed <n>', 'of the samples drawn, and of UMAP', wholeNumber('--seed', 0), 0)
  .addHelpText(
    'after',
    `
Examples:
  assay inspect embedding latest
  assay inspect embedding latest --layer 7 --method pca,tsne --samples 2000
  assay inspect embedding latest --inputs 3,8,115`,
  )
  .action(
    async (
      name,
      { json, out, runs, file, weights, data, split, resize, method, inputs, samples: count, ...options },
    ) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { loaded, model, run } = subject
        const all = await samples(subject, { data, split, resize })
        const pictures = await embeddingPictures(loaded, model, all, {
          ...{ ...options, methods: method, queries: inputs, samples: count },
          onProgress: (task, share) => {
            check()
            bar.at(task, share)
          },
        })
        bar.stop()
        const notes = [...loaded.notes, ...all.notes]
        await tellFindings(folderFor(run, 'embedding', out), pictures, {
          json,
          facts: { run: run.id, data: all.name },
          notes,
        })
      })
    },
  )

function methodsOf(text: string): ProjectionMethod[] {
  return text.split(',').map((part) => {
    const found = PROJECTIONS.find((method) => method === part.trim())
    if (found === undefined)
      throw new UsageError(`--method is "${part.trim()}": give one or more of ${PROJECTIONS.join(', ')}`)
    return found
  })
}
