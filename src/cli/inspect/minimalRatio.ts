import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import * as z from 'zod'
import { minimalRatioFigure } from '../../figures/index.ts'
import {
  keep,
  type MinimalRatio,
  minimalRatioSchema,
  minimalRatios,
  minimalRatioText,
  readKept,
} from '../../inspect/index.ts'
import { groupReportFolder } from '../../report/index.ts'
import '../../runtime/ort/node.ts'
import { configHash, prepare } from '../../train/index.ts'
import { interruptible } from '../interrupts.ts'
import { loadExperiment } from '../loadExperiment.ts'
import { loading } from '../loading.ts'
import { note } from '../output.ts'
import { positive, wholeNumber } from '../parse.ts'
import { parseSetting } from '../run.ts'
import { taskBar } from '../taskBar.ts'
import type { Setting } from '../training/protocol.ts'
import { tellFindings } from './findings.ts'

/** Trainings that are one population; what has been done is kept after each. */
const TOGETHER = 25

const noSettings: readonly Setting[] = []

export const minimalRatioCommand = new Command('minimal-ratio')
  .description(
    'Train many short runs, move each to where its gradient vanishes, and count the positive eigenvalues of the Hessian there',
  )
  .argument('<file>', 'TypeScript file whose default export is an experiment with at most 1,000 parameters')
  .option(
    '--count <n>',
    'trainings; default: the experiment’s seeds, or 100 where it has one',
    wholeNumber('--count', 1),
  )
  .option('--gradient <norm>', 'norm of the gradient that counts as zero; default 5e-4', positive('--gradient'))
  .option(
    '--zero <value>',
    'eigenvalues no farther from 0 count as zero; default: what float32 cannot tell from it',
    positive('--zero'),
  )
  .option('--steps <n>', 'steps towards a zero gradient, at most; default 60', wholeNumber('--steps', 1))
  .option(
    '--set <path=value>',
    'change one setting; may be given more than once',
    (text: string, before: readonly Setting[]) => [...before, parseSetting(text)],
    noSettings,
  )
  .option('--out <folder>', 'where picture and numbers go; default: reports/NAME-minimal-ratio')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay inspect minimal-ratio examples/training-dynamics/minimal-ratio.ts
  assay inspect minimal-ratio sinc.ts --count 20 --gradient 1e-3 --zero 1e-4
What has been computed is kept in the folder: a command that was interrupted goes on where it was.`,
  )
  .action(async (file, { count, gradient = 5e-4, zero, steps = 60, set, out, json }) => {
    const experiment = set.reduce(
      (current, [path, value]) => current.set(path, value),
      await loadExperiment(resolve(file)),
    )
    const own = experiment.seeds.length > 1 ? experiment.seeds : Array.from({ length: 100 }, (_, seed) => seed)
    const seeds = count === undefined ? own : Array.from({ length: count }, (_, i) => own[i] ?? Math.max(...own) + i)
    const folder = out === undefined ? groupReportFolder('runs', `${experiment.name}-minimal-ratio`) : resolve(out)
    const bar = taskBar()
    const loads = loading(bar)
    try {
      await interruptible(async (check) => {
        const prepared = await prepare(experiment, {
          onProgress: (progress) => {
            check()
            loads.at(progress)
          },
        })
        const asked = {
          experiment: configHash(experiment, 0),
          data: prepared.train.dataset.fingerprint,
          ...{ gradient, steps, zero: zero ?? 'float32' },
        }
        const path = join(folder, 'minimal-ratios.json')
        const before = await readKept(path, asked, keptSchema)
        const known = new Map<number, MinimalRatio | undefined>((before?.ratios ?? []).map((one) => [one.seed, one]))
        for (const seed of before?.diverged ?? []) known.set(seed, undefined)
        const missing = seeds.filter((seed) => !known.has(seed))
        if (before !== undefined && missing.length > 0)
          note(`${seeds.length - missing.length} of ${seeds.length} trainings are there already`)
        for (let begin = 0; begin < missing.length; begin += TOGETHER) {
          const some = missing.slice(begin, begin + TOGETHER)
          const found = await minimalRatios(experiment, prepared, some, {
            ...{ gradient, zero, steps },
            check: async () => {
              // A turn of the event loop, so that signals are heard.
              await setImmediate()
              check()
            },
            onProgress: (phase, share, detail) => {
              const part = (PARTS[phase].from + PARTS[phase].share * share) * some.length
              bar.at('minimal ratio', (begin + part) / missing.length, `, ${PARTS[phase].text}: ${detail}`)
            },
          })
          for (const seed of some)
            known.set(
              seed,
              found.find((one) => one.seed === seed),
            )
          await keep(path, asked, {
            ratios: [...known.values()].filter((one) => one !== undefined),
            diverged: [...known].flatMap(([seed, one]) => (one === undefined ? [seed] : [])),
          })
        }
        bar.stop()
        const ratios = seeds.flatMap((seed) => known.get(seed) ?? [])
        const diverged = seeds.length - ratios.length
        await tellFindings(
          folder,
          [{ name: 'minimal-ratio', sentence: minimalRatioText(ratios), picture: minimalRatioFigure(ratios) }],
          {
            json,
            facts: { experiment: experiment.name, gradient, steps, ...(zero !== undefined && { zero }) },
            notes: diverged === 0 ? [] : [`${diverged} of ${seeds.length} trainings diverged and are left out`],
          },
        )
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

const keptSchema = z.object({ ratios: z.array(minimalRatioSchema), diverged: z.array(z.int()) })

/** Which part of the time each phase takes, about. */
const PARTS = {
  training: { text: 'training', from: 0, share: 0.2 },
  gradient: { text: 'towards a zero gradient', from: 0.2, share: 0.75 },
  eigenvalues: { text: 'eigenvalues', from: 0.95, share: 0.05 },
} as const
