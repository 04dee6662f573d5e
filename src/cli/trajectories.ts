import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import {
  displacementFigure,
  distancesFigure,
  type Figure,
  gradientCosineFigure,
  gradientNormFigure,
  loadingsFigure,
  type MeasuredSteps,
  planeFigure,
  updateRatioFigure,
  weightQuantilesFigure,
} from '../figures/index.ts'
import {
  layerDisplacements,
  recordedWeights,
  trajectories,
  trajectoryDistances,
  trajectoryLayers,
  trajectoryPlane,
  weightLoadings,
  weightQuantiles,
} from '../inspect/index.ts'
import { groupReportFolder } from '../report/index.ts'
import { type Run, recordedFiles, recordedSteps } from '../runs/index.ts'
import { type Finding, tellFindings } from './inspect/findings.ts'
import { folderFor } from './inspect/subject.ts'
import { INTERRUPTED, interruptible } from './interrupts.ts'
import { taskBar } from './taskBar.ts'
import { asTrained, type TrainedCell, trainedRuns, trainingOptions } from './trainedRuns.ts'

const everyLayer: readonly string[] = []
/** Layers that are looked at where none is named; of more, the first and the last. */
const MOST_LAYERS = 6

export const trajectoriesCommand = trainingOptions(new Command('trajectories'))
  .description('Draw the way of the weights through training: principal components, distances, gradient norms, ratios')
  .argument('<runs...>', 'an experiment’s file, which is trained where it has not been; or runs, experiments, grids')
  .option(
    '--layer <path>',
    `layer with a plane of its own; may be given more than once (default: all of up to ${MOST_LAYERS})`,
    (path: string, before: readonly string[]) => [...before, path],
    everyLayer,
  )
  .addOption(new Option('--components <n>', 'principal components').choices(['2', '3'] as const).default('2' as const))
  .option('--out <folder>', 'where pictures and numbers go; default: in the run’s figures, of several in reports')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay trajectories examples/training-dynamics/trajectories.ts
  assay trajectories sinc.ts --set record.weights.everyEpochs=3 --set record.steps.every=1 --seeds 0,1,2
  assay trajectories latest --layer 0 --components 3
What is recorded is the experiment's: record: { weights: { everyEpochs: 3 }, steps: { every: 1 } }.
Exit code: 0 done, 1 failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (references, { layer, components, out, json = false, ...training }) => {
    const cells = await trainedRuns(references, { ...asTrained(training), isQuiet: json })
    if (cells === undefined) return
    const runs = labelledRuns(cells)
    const bar = taskBar()
    try {
      await interruptible(async (check) => {
        const findings = [
          ...(await wayFindings(runs, {
            ...{ layers: layer, components: Number(components) },
            onProgress: (share) => {
              check()
              bar.at('reading weights', share)
            },
          })),
          ...stepFindings(runs),
        ]
        bar.stop()
        await setImmediate()
        check()
        const [first] = runs
        if (first === undefined || findings.length === 0)
          throw new UsageError(
            `${references.join(', ')}: nothing of the way was recorded; train with record: { weights: { everyEpochs: 1 }, steps: { every: 1 } } in the experiment, or give its file with --set record.weights.everyEpochs=1 --set record.steps.every=1`,
          )
        const name = [...new Set(cells.map((cell) => cell.name))].join('-')
        const folder =
          out === undefined && runs.length > 1
            ? groupReportFolder(resolve(training.runs), `${name}-trajectories`)
            : folderFor(first.run, 'trajectories', out)
        await tellFindings(folder, findings, {
          json,
          facts: { runs: runs.map(({ run, label }) => ({ id: run.id, label })) },
          notes: [
            ...runs
              .filter(({ run }) => run.manifest.status !== 'finished')
              .map(({ run, label }) => `${label}: the run is ${run.manifest.status}, and its way is not at its end`),
            ...cells.flatMap(({ label, lost }) => lost.map(({ seed, status }) => `${label}, seed ${seed}: ${status}`)),
          ],
        })
      })
    } finally {
      bar.stop()
    }
  })

interface LabelledRun {
  readonly label: string
  readonly run: Run
}

/** Runs with labels that are all different. */
function labelledRuns(cells: readonly TrainedCell[]): LabelledRun[] {
  const runs = cells.flatMap((cell) =>
    cell.runs.map((run) => {
      const seed = `seed ${run.manifest.seed}`
      return { run, label: cells.length === 1 ? seed : cell.runs.length === 1 ? cell.label : `${cell.label}, ${seed}` }
    }),
  )
  const labels = runs.map(({ label }) => label)
  return new Set(labels).size === labels.length ? runs : runs.map(({ run }) => ({ run, label: run.id }))
}

/** What the recorded weights say; nothing where no run has recorded some. */
async function wayFindings(
  runs: readonly LabelledRun[],
  {
    layers: asked,
    components,
    onProgress,
  }: { readonly layers: readonly string[]; readonly components: number; readonly onProgress: (share: number) => void },
): Promise<Finding[]> {
  const counts = await Promise.all(runs.map(async ({ run }) => (await recordedFiles(run.folder)).length))
  if (counts.every((count) => count === 0) && asked.length === 0) return []
  const ways = await trajectories(
    runs.map(({ run }) => run),
    { onProgress },
  )
  const labels = runs.map(({ label }) => label)
  const all = trajectoryLayers(ways)
  const layers = asked.length > 0 ? asked : all.length <= MOST_LAYERS ? all : [...all.slice(0, 1), ...all.slice(-1)]
  const findings: Finding[] = []
  for (const layer of [undefined, ...layers]) {
    const plane = await trajectoryPlane(ways, layer, components)
    const place = layer === undefined ? 'model' : layer === '' ? 'own' : layer
    findings.push(finding(`trajectory-${place}`, planeFigure(ways, plane, labels)))
    const loadings = await weightLoadings(ways, plane)
    if (loadings.length > 0)
      findings.push(
        finding(
          `loadings-${place}`,
          loadingsFigure(loadings, layer === undefined ? 'the whole model' : `layer ${layer}`),
        ),
      )
  }
  findings.push(
    finding('distances', distancesFigure(trajectoryDistances(ways), labels)),
    finding('layers', displacementFigure(layerDisplacements(ways), labels)),
  )
  const [first] = runs
  if (first !== undefined)
    findings.push(finding('distributions', weightQuantilesFigure(weightQuantiles(await recordedWeights(first.run)))))
  return findings
}

/** What the measured steps say; nothing where no run has measured some. */
function stepFindings(runs: readonly LabelledRun[]): Finding[] {
  const measured = runs.flatMap(({ label, run }): MeasuredSteps[] => {
    const steps = recordedSteps(run)
    return steps === undefined || steps.step.length === 0 ? [] : [{ label, steps }]
  })
  if (measured.length === 0) return []
  return [
    finding('gradient-norm', gradientNormFigure(measured)),
    finding('update-ratios', updateRatioFigure(measured)),
    finding('gradient-cosine', gradientCosineFigure(measured)),
  ]
}

const finding = (name: string, picture: Figure): Finding => ({ name, sentence: picture.alt, picture })
