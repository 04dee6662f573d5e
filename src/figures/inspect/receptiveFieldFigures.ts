import type { TopLevelSpec } from 'vega-lite'
import { boxOf, type EffectiveField, type MappedWeights, type TheoreticalField } from '../../inspect/index.ts'
import { describeLayer } from '../../nn/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from '../figure.ts'
import { scaleFor } from './colourScale.ts'
import { pixelPanels } from './pixelPanels.ts'
import { named, three } from './words.ts'

/**
 * Theoretical receptive fields, layer by layer: size along height and width as bars, cut to the input.
 *
 * @param image height and width of the input
 *
 * @example
 * theoreticalFigure(theoreticalFields(model, [1, 28, 28]), [28, 28])
 */
export function theoreticalFigure(fields: readonly TheoreticalField[], image: readonly [number, number]): Figure {
  const single = fields.filter(({ layer }) => layer.children === undefined)
  const rows = single.map((field) => {
    const { path, layer, output, size, jump, start, isPlaced } = field
    const [tall, wide] = size
    const isWhole = size.some((one) => one === Number.POSITIVE_INFINITY)
    return {
      ...{ layer: named(path), kind: describeLayer(layer), output: output.join('×') },
      ...{ height: Math.min(tall, image[0]), width: Math.min(wide, image[1]), whole: isWhole },
      uncutHeight: Number.isFinite(tall) ? tall : null,
      uncutWidth: Number.isFinite(wide) ? wide : null,
      jumpHeight: isPlaced ? jump[0] : null,
      jumpWidth: isPlaced ? jump[1] : null,
      startHeight: isPlaced && Number.isFinite(start[0]) ? start[0] : null,
      startWidth: isPlaced && Number.isFinite(start[1]) ? start[1] : null,
    }
  })
  const bars = rows.map((row, i) => ({
    label: `${row.layer}  ${single[i]?.layer.kind ?? ''}`,
    width: row.width,
    text: row.whole
      ? 'the whole input'
      : `${row.height}×${row.width}${row.jumpWidth === null ? '' : `, jump ${three(row.jumpWidth)}`}`,
  }))
  const y = {
    field: 'label',
    type: 'nominal' as const,
    sort: bars.map(({ label }) => label),
    axis: { title: null, ticks: false, domain: false, labelLimit: 260 },
  }
  const x = {
    field: 'width',
    type: 'quantitative' as const,
    scale: { domain: [0, image[1]], nice: false },
    axis: { title: 'input positions that one number depends on (width)', tickMinStep: 1, tickCount: 8 },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `Theoretical receptive fields on an input of ${image.join('×')}`,
    data: { values: bars },
    width: 320,
    height: { step: 20 },
    layer: [
      { mark: { type: 'bar', color: PALETTE.sky, height: { band: 0.7 } }, encoding: { x, y } },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 11, color: INK.text },
        encoding: { x: { datum: 0, type: 'quantitative' as const }, y, text: { field: 'text', type: 'nominal' } },
      },
    ],
    config: STYLE,
  }
  const placed = rows.filter(({ whole }) => !whole)
  const last = placed.at(-1)
  const whole = rows.find((row) => row.whole)
  const alt = `Theoretical receptive fields of ${rows.length} layers: ${last === undefined ? 'every layer sees the whole input' : `they grow to ${last.uncutHeight} × ${last.uncutWidth} input positions at ${last.layer}${(last.uncutHeight ?? 0) > image[0] || (last.uncutWidth ?? 0) > image[1] ? `, more than the input has` : ''}`}${whole === undefined ? '' : `; from ${whole.layer} on a number sees the whole input`}.`
  return plotted({ spec, rows, alt })
}

/**
 * Effective receptive fields as pictures, each on its own scale from 0 to its largest gradient, with the theoretical one as a square.
 *
 * @param theoretical of the same network
 * @param samples that gradients were averaged over
 */
export async function effectiveFigure(
  fields: readonly EffectiveField[],
  theoretical: readonly TheoreticalField[],
  samples: number,
): Promise<Figure> {
  const isSequence = fields.every(({ image: [height] }) => height === 1)
  const measure = isSequence ? 'length' : 'side'
  const panels = fields.map(({ path, place, image: [height, width], map, size }) => {
    const largest = map.reduce((a, b) => Math.max(a, b), 0)
    const field = theoretical.find((one) => one.path === path)
    const box = field && boxOf(field, place ?? [0, 0], [height, width])
    const inside = box && insideShare(map, width, box)
    return {
      ...{ path, place, height, width, size, largest, box, inside },
      values: map.map((value) => (largest > 0 ? value / largest : 0)),
      lines: [
        named(path),
        `${measure} ${three(size)}${box === undefined ? '' : ` of ${three(extentOf(box, height))}`}`,
      ],
    }
  })
  const spec = await pixelPanels(
    panels.map(({ box, ...panel }) => ({ ...panel, ...(box && { box }) })),
    {
      title: `Effective receptive fields, mean over ${samples} samples`,
      subtitle: [
        'magnitude of the gradient of the middle of the layer’s map with respect to each input position',
        `blue: the theoretical field; ${measure}: ${isSequence ? 'the' : '√ of the'} positions with at least 4.55 % of the largest gradient, of that of the theoretical field`,
      ],
      scale: { kind: 'sequential', largest: 1, title: 'share of the largest' },
      tall: 132,
    },
  )
  const rows = panels.map(({ path, place, size, largest, box, inside }) => ({
    layer: named(path),
    row: place?.[0] ?? null,
    column: place?.[1] ?? null,
    effectiveSize: size,
    theoreticalHeight: box?.height ?? null,
    theoreticalWidth: box?.width ?? null,
    largestGradient: largest,
    inside: inside ?? null,
  }))
  const said = panels.map(
    ({ path, size, box, height }) =>
      `${named(path)} ${three(size)}${box === undefined ? '' : ` of ${three(extentOf(box, height))}`}`,
  )
  const alt = `Effective receptive fields, ${isSequence ? 'in positions' : 'as sides of squares'}, beside the theoretical ones, over ${samples} samples: ${said.join(', ')}. Effective fields are smaller: the middle counts most.`
  return plotted({
    spec,
    rows,
    alt: panels.every(isSmaller) ? alt : alt.replace(/ Effective fields are smaller.*$/, ''),
  })
}

/** Side of a square of a field's area; of a sequence its length. */
const extentOf = (box: ReturnType<typeof boxOf>, imageHeight: number): number =>
  imageHeight === 1 ? box.width : Math.sqrt(box.height * box.width)

const isSmaller = ({
  size,
  box,
  height,
}: {
  readonly size: number
  readonly height: number
  readonly box: ReturnType<typeof boxOf> | undefined
}): boolean => box !== undefined && size < 0.95 * extentOf(box, height)

/** Share of all gradient that lies in a box: 1 for a theoretical field, unless something is wrong. */
function insideShare(map: Float64Array, width: number, box: ReturnType<typeof boxOf>): number {
  let [inside, all] = [0, 0]
  for (const [i, value] of map.entries()) {
    const [row, column] = [Math.floor(i / width), i % width]
    const isIn = row >= box.top && row < box.top + box.height && column >= box.left && column < box.left + box.width
    all += value
    if (isIn) inside += value
  }
  return all === 0 ? 1 : inside / all
}

/**
 * Weights of units mapped back to images, on one diverging scale; of several channels their sum.
 *
 * @throws UsageError where there is no unit
 */
export async function mappedFigure({ path, sample, units, data, passed }: MappedWeights): Promise<Figure> {
  const [channels = 1, first = 1, second] = sample
  const [height, width] = second === undefined ? [1, first] : [first, second]
  const plane = height * width
  const summed = units.map((unit, u) => ({
    unit,
    values: Float64Array.from({ length: plane }, (_, p) => {
      let sum = 0
      for (let c = 0; c < channels; c++) sum += data[(u * channels + c) * plane + p] ?? 0
      return sum
    }),
  }))
  const scale = scaleFor(
    summed.flatMap(({ values }) => [...values]),
    'weight of a position',
  )
  const largest = Math.max(scale.largest, Number.MIN_VALUE)
  const spec = await pixelPanels(
    summed.map(({ unit, values }) => ({ lines: [String(unit)], height, width, values })),
    {
      title: `${named(path)}: weights of ${units.length} unit${units.length === 1 ? '' : 's'} mapped back to the input`,
      subtitle: [
        ...(channels > 1 ? [`sums over ${channels} channels`] : []),
        ...(passed.length > 0
          ? [`activations and max pools before it are taken as linear: ${listed(passed)}`]
          : ['exact: what comes before is linear']),
      ],
      scale: { ...scale, kind: 'diverging', largest },
    },
  )
  const rows = summed.map(({ unit, values }) => ({
    ...{ layer: named(path), unit, norm: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)) },
    ...{ min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) },
  }))
  const [most] = rows.toSorted((a, b) => b.norm - a.norm)
  const alt = `Weights of ${units.length} units of ${named(path)} with respect to the ${height} × ${width} input, from ${three(Math.min(...rows.map(({ min }) => min)))} to ${three(Math.max(...rows.map(({ max }) => max)))}; unit ${most?.unit} has the largest (norm ${three(most?.norm ?? 0)})${passed.length > 0 ? `; ${passed.length} layers before it are taken as linear` : ''}.`
  return plotted({ spec, rows, alt })
}

const listed = (paths: readonly string[]): string =>
  paths.length > 6 ? `${paths.slice(0, 6).join(', ')} and ${paths.length - 6} more` : paths.join(', ')
