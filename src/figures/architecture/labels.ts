import type { Layer, OutlineLayer } from '../../nn/index.ts'
import { INK, PALETTE } from '../figure.ts'

/** A layer as far as a drawing shows it. */
type Drawn = OutlineLayer['layer']

const pairText = (value: unknown): string => (Array.isArray(value) ? value.join('×') : `${value}×${value}`)

/** `/2` where a window moves in steps. */
const steps = ({ stride = 1 }: Layer['config']): string =>
  stride === 1 ? '' : ` /${Array.isArray(stride) ? stride.join('×') : stride}`

/** How layers are called in drawings, and coloured; others go by their kind. */
const looks: Readonly<Record<string, readonly [color: string, name: (config: Layer['config']) => string]>> = {
  Conv1d: [PALETTE.blue, (c) => `conv ${c.kernel}, ${c.outChannels}${steps(c)}`],
  Conv2d: [PALETTE.blue, (c) => `conv ${pairText(c.kernel)}, ${c.outChannels}${steps(c)}`],
  ConvTranspose2d: [PALETTE.sky, (c) => `conv ${pairText(c.kernel)}ᵀ, ${c.outChannels}${steps(c)}`],
  ZeroPad2d: [INK.line, (c) => `zeros ${Array.isArray(c.padding) ? c.padding.join('×') : c.padding}`],
  Upsample: [PALETTE.sky, (c) => `upsample ×${Array.isArray(c.scale) ? c.scale.join('×') : c.scale}`],
  MaxPool1d: [PALETTE.orange, (c) => `max pool ${c.kernel}`],
  AvgPool1d: [PALETTE.orange, (c) => `mean pool ${c.kernel}`],
  MaxPool2d: [PALETTE.orange, (c) => `max pool ${pairText(c.kernel)}`],
  AvgPool2d: [PALETTE.orange, (c) => `mean pool ${pairText(c.kernel)}`],
  GlobalAvgPool1d: [PALETTE.orange, () => 'global mean'],
  GlobalAvgPool2d: [PALETTE.orange, () => 'global mean'],
  GlobalMaxPool2d: [PALETTE.orange, () => 'global max'],
  AdaptiveAvgPool2d: [PALETTE.orange, (c) => `mean to ${pairText(c.size)}`],
  Linear: [PALETTE.green, (c) => `linear ${c.outFeatures}`],
  Embedding: [PALETTE.green, (c) => `embedding ${c.features}`],
  GaussianLatent: [PALETTE.purple, (c) => `μ, σ → z ${c.size}`],
  BatchNorm1d: [INK.line, () => 'batch norm'],
  BatchNorm2d: [INK.line, () => 'batch norm'],
  LayerNorm: [INK.line, () => 'layer norm'],
  GroupNorm: [INK.line, (c) => `group norm ${c.groups}`],
  Dropout: [INK.line, (c) => `dropout ${c.p}`],
  Dropout1d: [INK.line, (c) => `dropout ${c.p}`],
  Dropout2d: [INK.line, (c) => `dropout ${c.p}`],
  Flatten: [INK.line, () => 'flatten'],
  Unflatten: [INK.line, () => 'unflatten'],
}

/** A layer in few letters. */
export const nameOf = ({ kind, config }: Drawn): string => looks[kind]?.[1](config) ?? kind

export const colorOf = ({ kind }: Drawn): string => looks[kind]?.[0] ?? PALETTE.vermillion

const NORMS = new Set(['BatchNorm1d', 'BatchNorm2d', 'LayerNorm', 'GroupNorm'])

/** Whether a layer is told below the one before it: it leaves numbers where they are, or only puts them in another shape. */
export function isNote({ layer, input, output, parameters }: OutlineLayer): boolean {
  if (layer.kind === 'Flatten' || layer.kind === 'Unflatten' || NORMS.has(layer.kind)) return true
  return parameters <= 1 && input.join() === output.join() && layer.kind !== 'GaussianLatent'
}
