import { setImmediate } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { densityFigure, eigenvaluesFigure } from '../../figures/index.ts'
import {
  drawn,
  fullHessian,
  hessianOf,
  hutchinsonTrace,
  lossFunction,
  spectralDensity,
  spectrum,
  topEigenvalues,
} from '../../inspect/index.ts'
import { foldIn, key } from '../../random/index.ts'
import { SPLITS } from '../../runs/testModel/index.ts'
import { positive, wholeNumber } from '../parse.ts'
import { type Finding, tellFindings } from './findings.ts'
import { folderFor, look, runOptions } from './subject.ts'

/** Up to so many parameters all eigenvalues are computed unless asked otherwise: a few seconds. */
const SMALL = 600

export const curvatureCommand = runOptions(new Command('curvature'))
  .description(
    'Say how the loss curves around a run’s weights: all eigenvalues of the Hessian of a small network; largest, trace and density of a large one',
  )
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .addOption(new Option('--split <name>', 'whose loss').choices(SPLITS).default('train' as const))
  .option('--samples <n>', 'samples that the loss is the mean over, drawn by chance', wholeNumber('--samples', 1), 1000)
  .option('--full', `all eigenvalues, of a network of up to 4,000 parameters; default up to ${SMALL}`)
  .option('--zero <value>', 'eigenvalues no farther from 0 count as zero', positive('--zero'))
  .option('--count <n>', 'eigenvalues at each end', wholeNumber('--count', 1), 5)
  .option('--steps <n>', 'Hessian-vector products for the ends of the spectrum', wholeNumber('--steps', 2), 50)
  .option('--probes <n>', 'random vectors for the trace', wholeNumber('--probes', 2), 20)
  .option('--density-probes <n>', 'random vectors for the density', wholeNumber('--density-probes', 1), 3)
  .option('--width <value>', 'width of the density’s Gaussians; default: 1 % of its range', positive('--width'))
  .option('--seed <n>', 'of samples and random vectors', wholeNumber('--seed', 0), 0)
  .addHelpText(
    'after',
    `
Examples:
  assay inspect curvature latest
  assay inspect curvature latest --samples 5000 --steps 80 --probes 50`,
  )
  .action(async (name, { runs, file, weights, split, samples: most, full, zero, json, out, seed, ...options }) => {
    await look(async ({ bar, check, open, samples }) => {
      const subject = await open(name, { runs, file, weights })
      const { loaded, experiment, run } = subject
      const all = await samples(subject, { split })
      const chosen = drawn(all, most, seed)
      const loss = lossFunction({ ...loaded, loss: experiment.loss }, chosen, {
        check: async () => {
          // A turn of the event loop, so that signals are heard.
          await setImmediate()
          check()
        },
      })
      const size = loss.parameters.length
      const operator = hessianOf(loss)
      const from = foldIn(key(seed), 'curvature')
      const { value, gradient } = await loss.gradient(loss.parameters)
      const gradientNorm = Math.sqrt(gradient.reduce((sum, one) => sum + one * one, 0))
      const of = `${size.toLocaleString('en')} parameters, ${chosen.indices.length.toLocaleString('en')} samples of ${all.name}`
      const findings: Finding[] = []
      let facts: Record<string, unknown>
      if (full === true || size <= SMALL) {
        const found = await spectrum(
          await fullHessian(loss, loss.parameters, (rows) =>
            bar.at('Hessian', rows / size, `, ${rows} of ${size} rows`),
          ),
          { tolerance: zero },
        )
        const { eigenvalues, tolerance, positive: above, zero: zeros, negative, minimalRatio } = found
        const trace = eigenvalues.reduce((sum, one) => sum + one, 0)
        facts = { minimalRatio, tolerance, positive: above, zero: zeros, negative, trace }
        findings.push({
          name: 'eigenvalues',
          sentence: `All ${size} eigenvalues (${of}): ${above} positive, ${zeros} no farther from zero than ${short(tolerance)}, ${negative} negative; minimal ratio ${short(minimalRatio)}, largest ${short(eigenvalues[0])}, smallest ${short(eigenvalues.at(-1))}, trace ${short(trace)}. The loss is ${short(value)} and its gradient ${short(gradientNorm)} long.`,
          picture: eigenvaluesFigure(found),
        })
      } else {
        const { count, steps, probes, densityProbes, width } = options
        const top = await topEigenvalues(operator, {
          ...{ key: foldIn(from, 'lanczos'), count, steps },
          onStep: (step) => bar.at('largest eigenvalues', step / steps, `, ${step} of ${steps} products`),
        })
        const trace = await hutchinsonTrace(operator, {
          ...{ key: foldIn(from, 'trace'), probes },
          onProbe: (probe) => bar.at('trace', probe / probes, `, ${probe} of ${probes} products`),
        })
        const density = await spectralDensity(operator, {
          ...{ key: foldIn(from, 'density'), probes: densityProbes, steps },
          ...(width !== undefined && { width }),
          onStep: (done, total) => bar.at('density', done / total, `, ${done} of ${total} products`),
        })
        facts = {
          largest: top.largest,
          smallest: top.smallest,
          trace,
          density: { ...density, eigenvalues: undefined, density: undefined },
        }
        const ends = (some: typeof top.largest): string =>
          some.map((one) => `${short(one.value)} (± ${short(one.residual)})`).join(', ')
        findings.push({
          name: 'density',
          sentence: `${of}: largest eigenvalues ${ends(top.largest)}; smallest ${ends(top.smallest)}, after ${top.steps} Lanczos steps; trace ${short(trace.trace)} ± ${short(trace.standardError)} (standard error, ${probes} random vectors). About ${short(100 * density.positive)} % of the eigenvalues are above ${short(density.width)}, the width of the density’s Gaussians, and ${short(100 * density.negative)} % below −${short(density.width)}. The loss is ${short(value)} and its gradient ${short(gradientNorm)} long.`,
          picture: densityFigure(density),
        })
      }
      bar.stop()
      await tellFindings(folderFor(run, 'curvature', out), findings, {
        json,
        facts: {
          run: run.id,
          data: all.name,
          samples: chosen.indices.length,
          parameters: size,
          loss: value,
          gradientNorm,
          ...facts,
        },
        notes: [...loaded.notes, ...all.notes],
      })
    })
  })

const short = (value: number | undefined): string =>
  value === undefined ? 'unknown' : String(Number(value.toPrecision(3)))
