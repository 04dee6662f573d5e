import { toPng, toSvg, trainingCurves } from '../../figures/index.ts'
import { BATCH_LOSS, type MetricRecord, readMetrics } from '../../runs/index.ts'
import type { ChosenRun } from './chosen.ts'
import { epochLines } from './epochLines.ts'
import { type BundleFile, noted, type Part, textFile } from './file.ts'
import { terminalSvg } from './terminal.ts'

/** Epochs at which the curves are drawn. */
const MOST_PICTURES = 5

/**
 * Pictures of how a model was trained: the lines that a terminal shows, an epoch a line, and the curves as they were after several epochs, the first and the
 * last among them.
 */
export async function trainingPart({ run, folder }: ChosenRun): Promise<Part> {
  const place = `training/${run.id}`
  const records = (await readMetrics(run)).filter(({ name }) => name !== BATCH_LOSS)
  const curves = records.filter(({ split }) => split === 'train' || split === 'validation')
  if (curves.length === 0)
    return {
      files: [],
      gaps: [
        noted(`models/${folder}`, `run ${run.id} logged nothing while it was trained: there are no pictures of it`),
      ],
    }
  const lines = epochLines(run.manifest, records)
  const log = terminalSvg(lines)
  const files: BundleFile[] = [
    textFile(
      `${place}/log.txt`,
      `${lines.join('\n')}\n`,
      'the training as a terminal shows it, from metrics.jsonl',
      run.id,
    ),
    textFile(`${place}/log.svg`, log, 'the same as a picture', run.id),
    { path: `${place}/log.png`, content: { bytes: await toPng(log) }, what: 'the same as a picture', run: run.id },
  ]
  for (const epoch of picturedEpochs(curves))
    files.push({
      path: `${place}/curves-epoch-${String(epoch).padStart(3, '0')}.png`,
      content: { bytes: await toPng(await toSvg(trainingCurves(curves.filter((one) => one.epoch <= epoch)).spec)) },
      what: `the curves as they were after epoch ${epoch}`,
      run: run.id,
    })
  return { files, gaps: [] }
}

/** Whole epochs evenly apart, the first and the last among them. */
export function picturedEpochs(records: readonly MetricRecord[]): number[] {
  const epochs = [...new Set(records.map(({ epoch }) => epoch))].sort((a, b) => a - b)
  const whole = epochs.filter(Number.isInteger)
  const all = whole.length > 0 ? whole : epochs.slice(-1)
  const count = Math.min(MOST_PICTURES, all.length)
  const places = Array.from({ length: count }, (_, i) =>
    count === 1 ? all.length - 1 : Math.round((i * (all.length - 1)) / (count - 1)),
  )
  return places.flatMap((place) => all[place] ?? [])
}
