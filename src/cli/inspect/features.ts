import { Command } from '@commander-js/extra-typings'
import { chosenSamples, featurePictures, topPictures, valueColumns } from '../../figures/index.ts'
import { wholeNumber } from '../parse.ts'
import { type Finding, tellFindings } from './findings.ts'
import { chosenOptions, folderFor, look, runOptions, sampleOptions } from './subject.ts'

/** Maps of more numbers than this are drawn and summed up, but not kept as numbers. */
const MOST_VALUES = 200_000

/** `assay inspect features`, and `assay features`. */
export const featuresCommand = chosenOptions(sampleOptions(runOptions(new Command('features'))))
  .description(
    'Draw what the layers of a network make of chosen inputs, and its first filters; or what excites each channel most',
  )
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option(
    '--layer <paths>',
    'layers, as assay summary names them (0,3 or layer1.0.conv1) or counts them from 0, or "all"; default: the first two convolutions and the nonlinearities after them, and with --top the last convolution',
    (text) => (text === 'all' ? ('all' as const) : text.split(',').map((path) => path.trim())),
  )
  .option(
    '--top <k>',
    'the k samples of the whole split that excite each channel most, in place of chosen inputs',
    wholeNumber('--top', 1),
  )
  .option(
    '--channels <n>',
    'at most this many channels a sheet; default 64, with --top 16',
    wholeNumber('--channels', 1),
  )
  .addHelpText(
    'after',
    `
Examples:
  assay inspect features latest
  assay features mnist-resnet18-s0 --layer layer1.0.conv1,layer4 --inputs 0,5,17
  assay features latest --layer 4 --top 9
  assay features latest --data cat.png --resize --out cat`,
  )
  .action(
    async (name, { json, out, layer, inputs, perClass, top, channels, runs, file, weights, data, split, resize }) => {
      await look(async ({ bar, check, open, samples }) => {
        const subject = await open(name, { runs, file, weights })
        const { loaded, model, run } = subject
        const all = await samples(subject, { data, split, resize })
        const tell = (findings: readonly Finding[], facts = {}): Promise<void> => {
          bar.stop()
          const notes = [...loaded.notes, ...all.notes]
          return tellFindings(folderFor(run, 'features', out), findings, {
            json,
            facts: { run: run.id, data: all.name, ...facts },
            notes,
          })
        }
        if (top !== undefined) {
          const onProgress = (task: string, share: number): void => {
            check()
            bar.at(task, share)
          }
          return tell(await topPictures(loaded, all, { top, limit: channels, layers: layer, onProgress }))
        }
        const chosen = chosenSamples(all, { inputs, perClass })
        bar.at('drawing', 1)
        const pictures = await featurePictures(loaded, model, all, chosen, {
          ...(layer && { layers: layer }),
          ...(channels && { limit: channels }),
        })
        check()
        const findings = pictures.map(({ name: picture, activation, sentence, png, rows }): Finding => {
          const values =
            activation !== undefined && activation.data.length <= MOST_VALUES ? valueColumns(activation) : undefined
          return { name: picture, sentence, picture: { png, rows }, ...(values && { values }) }
        })
        return tell(findings, { inputs: chosen })
      })
    },
  )
