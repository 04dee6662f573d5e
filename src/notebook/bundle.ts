import type { TopLevelSpec } from 'vega-lite'
import type { MimeBundle } from '../display.ts'
import { type Figure, toPng, toSvg } from '../figures/index.ts'
import type { Block, Picture } from '../report/document.ts'
import { escapeHtml } from '../report/html/escape.ts'
import { tableHtml, tableText } from '../report/notebook/tables.ts'
import { kernel, waitForSending } from './kernel.ts'

/** What a result shows: words, tables, pictures and figures, in order. */
export type Part =
  | string
  | Figure
  | Extract<Block, { readonly kind: 'table' | 'facts' }>
  | { readonly picture: Picture }

/** Pixels for each of a figure's: a front end shows a picture as wide as it is, and has no other say. */
const SCALE = 1.5
/** Longer specifications are left out: a notebook that keeps the data of every picture twice cannot be opened. */
const LONGEST_SPEC = 300_000

/**
 * Parts as one output of a cell, each as words and as the richest that front ends have. Where Deno's kernel is, all but the last are
 * outputs of their own: PNG is shown everywhere, GitHub too, pictures inside of HTML are not.
 */
export async function bundleOf(parts: readonly Part[]): Promise<MimeBundle> {
  const bundles: MimeBundle[] = []
  for (const part of merged(parts)) bundles.push(await bundleOfPart(part))
  const [only, ...others] = bundles
  if (only === undefined) return { 'text/plain': '' }
  const jupyter = kernel()
  if (jupyter === undefined) return others.length === 0 ? only : joined(bundles)
  for (const data of bundles.slice(0, -1)) jupyter.broadcast('display_data', { data, metadata: {}, transient: {} })
  return sent(bundles.at(-1) ?? only)
}

/** The kernel reads a bundle while it sends it, and would go on at once: see `waitForSending`. */
function sent({ 'text/plain': text, ...others }: MimeBundle): MimeBundle {
  return Object.defineProperty({ ...others, 'text/plain': text }, 'text/plain', {
    enumerable: true,
    get: () => {
      queueMicrotask(waitForSending)
      return text
    },
  })
}

/** Words and tables that follow each other are one output. */
type Merged = Figure | { readonly picture: Picture } | readonly Exclude<Part, Figure | { readonly picture: Picture }>[]

function merged(parts: readonly Part[]): Merged[] {
  const all: (Exclude<Merged, readonly unknown[]> | Exclude<Part, Figure | { readonly picture: Picture }>[])[] = []
  for (const part of parts) {
    const last = all.at(-1)
    if (typeof part !== 'string' && ('spec' in part || 'picture' in part)) all.push(part)
    else if (Array.isArray(last)) last.push(part)
    else all.push([part])
  }
  return all
}

async function bundleOfPart(part: Merged): Promise<MimeBundle> {
  if ('spec' in part)
    return {
      'text/plain': part.alt,
      ...vegaLite(part.spec),
      'image/png': base64(await toPng(await toSvg(part.spec), SCALE)),
    }
  if ('picture' in part) return { 'text/plain': part.picture.alt, 'image/png': await pngOf(part.picture) }
  const text = part.map((one) => (typeof one === 'string' ? one : tableText(one))).join('\n\n')
  if (part.every((one) => typeof one === 'string')) return { 'text/plain': text }
  const html = part.map((one) => (typeof one === 'string' ? `<p>${escapeHtml(one)}</p>` : tableHtml(one))).join('\n')
  return { 'text/plain': text, 'text/html': html }
}

const pngOf = async (picture: Picture): Promise<string> =>
  base64('png' in picture ? picture.png : await toPng(picture.svg, SCALE))

/**
 * JupyterLab draws Vega-Lite 5 since 3.2 and knows no 6, of which figures use nothing that 5 has not.
 * https://github.com/jupyterlab/jupyterlab/pull/13893
 */
function vegaLite(spec: TopLevelSpec): Readonly<Record<string, unknown>> {
  if (JSON.stringify(spec).length > LONGEST_SPEC) return {}
  const named = { ...spec, $schema: 'https://vega.github.io/schema/vega-lite/v5.json' }
  return { 'application/vnd.vegalite.v5+json': named }
}

/** Several outputs as one, where a front end has asked for one. */
function joined(bundles: readonly MimeBundle[]): MimeBundle {
  const html = bundles.map((bundle) => {
    const { 'text/plain': text, 'text/html': own, 'image/png': png } = bundle
    if (typeof own === 'string') return own
    return typeof png === 'string'
      ? `<img alt="${escapeHtml(text)}" src="data:image/png;base64,${png}">`
      : `<pre>${escapeHtml(text)}</pre>`
  })
  return { 'text/plain': bundles.map((bundle) => bundle['text/plain']).join('\n\n'), 'text/html': html.join('\n') }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
