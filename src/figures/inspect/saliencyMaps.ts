import { featureNames } from '../../data/table/encoding.ts'
import { type Baseline, planeOf, planes, type SaliencyMap, type SaliencyMethod } from '../../inspect/index.ts'
import type { Samples } from '../../runs/testModel/index.ts'
import type { chosenInputs } from '../chosenInputs.ts'
import { short } from '../featureSheet.ts'
import type { Figure } from '../figure.ts'
import type { SavedPicture } from '../render.ts'
import { saliencyBars } from './saliencyBars.ts'
import { saliencySheet } from './saliencySheet.ts'
import { saliencySignals } from './saliencySignals.ts'

/** Vectors longer than this are drawn as signals. */
const LONG = 60
/** Whether samples are rows of a table. */
export const isTable = (sample: readonly number[]): boolean => sample.length === 1 && (sample[0] ?? 1) <= LONG

/** Methods whose slopes are per standard deviation in tables. */
const PER_UNIT: readonly SaliencyMethod[] = ['gradient', 'smoothgrad']

/** What the picture is called. */
export function mapsTitle(
  output: string,
  isClassifier: boolean,
  layer: string | undefined,
  methods: readonly SaliencyMethod[],
): string {
  const what =
    { predicted: isClassifier ? 'the predicted class' : 'a larger output', true: 'the true class' }[output] ??
    (isClassifier ? output : `a larger output ${output}`)
  return `What speaks for ${what}${methods.includes('grad-cam') ? ` (Grad-CAM of layer ${layer})` : ''}`
}

/** What the maps say, in words. */
export function mapsSentence(maps: readonly SaliencyMap[], samples: number, baseline: Baseline): string {
  const names = maps.map(({ method }) => method).join(', ')
  const complete = maps.find(({ completeness }) => completeness !== undefined)?.completeness ?? []
  const worst = complete.toSorted((a, b) => b.error - a.error)[0]
  const sums =
    worst === undefined
      ? ''
      : ` Integrated gradients from ${baseline} add up to the difference of the outputs within ${(100 * worst.error).toPrecision(2)} % (the worst sample: ${short(worst.sum)} of ${short(worst.difference)}, ${worst.steps} points)${worst.error > 0.01 ? ': more than 1 % off, so their sizes are not to be trusted' : ''}.`
  return `${samples} sample${samples === 1 ? '' : 's'} explained by ${names}.${sums}`
}

/** Maps beside their samples: sheets of images, lines over signals, bars for the columns of a table. */
export async function mapsPicture(
  sample: readonly number[],
  { dataset: { encoding } }: Samples,
  inputs: Awaited<ReturnType<typeof chosenInputs>>['inputs'],
  labels: readonly (readonly string[])[],
  maps: readonly SaliencyMap[],
  title: string,
): Promise<Figure | SavedPicture> {
  const { channels, height, width } = planeOf(sample)
  const plane = height * width
  const flat = maps.map((map) => ({ ...map, values: planes(map, sample, inputs.length) }))
  const mapsOf = (i: number) =>
    flat.map(({ method, values, completeness }) => {
      const sum = completeness?.[i]
      return {
        name: method,
        values: values.subarray(i * plane, (i + 1) * plane),
        ...(sum && { line: `Σ ${short(sum.sum)} of ${short(sum.difference)}` }),
      }
    })
  if (sample.length === 3)
    return saliencySheet(
      title,
      inputs.map(({ data, shape }, i) => ({ data, shape, label: labels[i] ?? [], maps: mapsOf(i) })),
      channels > 1 ? [`what the ${channels} channels say is added up`] : [],
    )
  const name = (i: number): string => (labels[i] ?? []).join(' · ')
  if (!isTable(sample))
    return saliencySignals(
      title,
      inputs.map(({ data }, i) => ({
        name: name(i),
        signal: Float32Array.from({ length: plane }, (_, p) => {
          let sum = 0
          for (let c = 0; c < channels; c++) sum += data[c * plane + p] ?? 0
          return sum / channels
        }),
        maps: mapsOf(i),
      })),
    )
  const features =
    encoding === undefined ? Array.from({ length: plane }, (_, f) => `input ${f}`) : featureNames(encoding)
  return saliencyBars(
    title,
    features,
    inputs.map(({ data }, i) => ({
      name: name(i),
      values: Float32Array.from(data),
      maps: mapsOf(i).map((map) => ({ ...map, name: PER_UNIT.includes(map.name) ? `${map.name} × σ` : map.name })),
    })),
  )
}
