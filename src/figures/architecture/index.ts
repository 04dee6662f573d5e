import { ResultKind } from '../../display.ts'
import { type Layer, type Outline, outline, summary } from '../../nn/index.ts'
import type { Shape } from '../../tensor/index.ts'
import { INK, PALETTE, STYLE } from '../figure.ts'
import { inputBlock } from './blocks.ts'
import { chain, type Part, partsOf } from './parts.ts'
import { at, line } from './pen.ts'

export interface ArchitectureOptions {
  /** Pixels that a row may have before the drawing goes on in the next; default 940. */
  readonly width?: number
}

export interface Architecture {
  /** For a file or a page; where it is a picture of its own, it follows the reader's preference for light or dark. */
  readonly svg: string
  /** For readers who cannot see the picture. */
  readonly alt: string
}

export const architectureKind = new ResultKind<Architecture>()

const MARGIN = 14
const BETWEEN = 30

/**
 * A drawing of a model: layers as solids by the size of what comes out of them, residual blocks as branches. Heights and depths
 * go by the square root of a map's height and width, thickness by the logarithm of the channels. Activations, normalisation
 * and dropout are told below the layer that they follow.
 *
 * @param sample shape of one sample as the model gets it, without the batch axis
 * @example
 * const { svg } = architectureSvg(leNet5(), [1, 28, 28])
 */
export function architectureSvg(model: Layer, sample: Shape, options: ArchitectureOptions = {}): Architecture {
  const { rows, parameters } = summary(model, sample)
  const last = rows.at(-1)?.outputShape ?? sample
  return outlineSvg(outline(model, sample), sample, { ...options, layers: rows.length, parameters, last })
}

/** {@link architectureSvg} of an outline, which may come from a manifest, and what its description tells. */
export function outlineSvg(
  items: Outline,
  sample: Shape,
  {
    width: most = 940,
    layers,
    parameters,
    last,
  }: ArchitectureOptions & { readonly layers: number; readonly parameters: number; readonly last: Shape },
): Architecture {
  const rows = wrapped(partsOf(items, largestSide(items, sample), '', inputBlock(sample)), most).map(chain)
  const width = Math.max(...rows.map((row) => row.width)) + 2 * MARGIN
  let top = MARGIN
  const drawn = rows.map((row, i) => {
    const y = top + row.above + row.half
    const next = y + row.half + row.below + BETWEEN
    const following = rows[i + 1]
    const turn = next - BETWEEN / 2
    const [end, start] = [MARGIN + row.width, MARGIN]
    top = next
    const goesOn =
      following === undefined
        ? line(
            [
              [end, y],
              [end + 8, y],
            ],
            true,
          )
        : line([
            [end, y],
            [end + 8, y],
            [end + 8, turn],
            [start - 8, turn],
            [start - 8, next + following.above + following.half],
            [start, next + following.above + following.half],
          ])
    return row.draw(MARGIN, y, row.half) + goesOn
  })
  const alt = `Architecture: ${layers} layers from ${sample.join('×')} to ${last.join('×')}, ${parameters.toLocaleString('en')} parameters.`
  const [w, h] = [at(width), at(top - BETWEEN + MARGIN)]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" class="architecture" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${STYLE.font}" role="img" aria-label="${alt}">
<style>${DARK}</style>
<defs><marker id="arrow" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0,0 L6,3 L0,6 Z" fill="${INK.line}"/></marker></defs>
<rect width="${w}" height="${h}" fill="${INK.paper}"/>
${drawn.join('\n')}
</svg>
`
  return architectureKind.mark({ svg, alt })
}

/** As in reports: the inks are exchanged by their texts. */
const DARK = `@media screen and (prefers-color-scheme: dark) {
.architecture > rect[fill="${INK.paper}"] { fill: #14171f; } .architecture [stroke="${INK.paper}"] { stroke: #14171f; }
.architecture [fill="${INK.text}"], .architecture [fill="${INK.strong}"] { fill: #e4e8f0; } .architecture [stroke="${INK.text}"] { stroke: #e4e8f0; }
.architecture text[fill="${INK.line}"] { fill: #a3adc2; } .architecture [fill="${PALETTE.blue}"] { fill: #2c8fd1; } }`

/** Rows no wider than they may be; a part that is wider has a row of its own. */
function wrapped(parts: readonly Part[], most: number): Part[][] {
  const rows: Part[][] = []
  let width = 0
  for (const part of parts) {
    const row = rows.at(-1)
    if (row === undefined || width + part.width > most) {
      rows.push([part])
      width = part.width
    } else {
      row.push(part)
      width += part.width
    }
  }
  return rows
}

/** Height or width of the largest map anywhere. */
function largestSide(items: Outline, sample: Shape): number {
  const sides = items.flatMap((item): number[] =>
    item.type === 'layer' ? item.output.slice(1) : [item.body, item.shortcut].map((inner) => largestSide(inner, [])),
  )
  return Math.max(1, ...sample.slice(1), ...sides)
}
