import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TopLevelSpec } from 'vega-lite'
import writeFileAtomic from 'write-file-atomic'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import type { Figure, Row } from './figure.ts'

/**
 * A Vega-Lite specification as SVG text, without a browser.
 *
 * @throws UsageError when the specification cannot be drawn
 *
 * @example
 * await writeFile('curves.svg', await toSvg(trainingCurves(records).spec))
 */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  // Loaded here because the two take a third of a second, which a command that draws nothing should not pay.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  let view: InstanceType<typeof vega.View> | undefined
  try {
    // A copy, because Vega writes its own marks into the rows that it is given.
    const own = structuredClone(spec)
    view = new vega.View(vega.parse(vegaLite.compile(own).spec), { renderer: 'none', logLevel: vega.Error })
    return await view.toSVG()
  } catch (error) {
    throw new UsageError(
      `the figure cannot be drawn (${error instanceof Error ? error.message : error}): check its spec`,
    )
  } finally {
    view?.finalize()
  }
}

/** Pixels an inch at which a pixel of an SVG is one of the PNG. */
const DENSITY = 72

/**
 * An SVG as PNG bytes.
 *
 * @param scale - pixels for each of the SVG's; default 2, for sharp words
 *
 * @example
 * await writeFile('curves.png', await toPng(await toSvg(figure.spec)))
 */
export async function toPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(svg), { density: scale * DENSITY })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

/**
 * Rows as CSV (RFC 4180, with line feeds): columns in order of first appearance; an absent or null value is an empty field.
 *
 * @example
 * toCsv([{ epoch: 1, loss: 0.5 }]) // 'epoch,loss\n1,0.5\n'
 */
export function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [columns.map(field), ...rows.map((row) => columns.map((c) => field(row[c] ?? '')))]
  return lines.map((line) => `${line.join(',')}\n`).join('')
}

function field(value: string | number | boolean): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Where figures go: a run's writer, or a folder. */
export type FigureTarget = string | { writeBytes(name: string, data: Uint8Array | string): Promise<string> }

/** A picture that is drawn already, with its numbers and, where it has one, its specification. */
export type SavedPicture = ({ readonly svg: string } | { readonly png: Uint8Array }) & {
  readonly rows: readonly Row[]
  readonly spec?: TopLevelSpec
}

export const pictureKind = new ResultKind<SavedPicture>()

/**
 * Saves a figure three ways: `figures/<name>.vl.json` (the specification), `.svg` (the picture), `.csv` (its numbers).
 *
 * @param target - the run's writer, or the folder that holds `figures/`
 * @returns the SVG
 *
 * @example
 * await saveFigure(run, 'confusion-matrix', confusionMatrixFigure(counts, classes))
 */
export async function saveFigure(target: FigureTarget, name: string, figure: Figure): Promise<string> {
  const svg = await toSvg(figure.spec)
  await savePicture(target, name, { ...figure, svg })
  return svg
}

/**
 * Saves a picture and its numbers: `figures/<name>.svg` or `.png`, `.csv`, and `.vl.json` where it has a specification.
 *
 * @param target - the run's writer, or the folder that holds `figures/`
 *
 * @example
 * await savePicture(run, 'samples', { png: await imageGridPng(images), rows: images.map((_, image) => ({ image })) })
 */
export async function savePicture(target: FigureTarget, name: string, picture: SavedPicture): Promise<void> {
  const write =
    typeof target === 'string'
      ? async (file: string, data: Uint8Array | string) => {
          const path = join(target, file)
          await mkdir(dirname(path), { recursive: true })
          await writeFileAtomic(path, typeof data === 'string' ? data : Buffer.from(data))
        }
      : (file: string, data: Uint8Array | string) => target.writeBytes(file, data)
  if (picture.spec !== undefined) await write(`figures/${name}.vl.json`, `${JSON.stringify(picture.spec, null, 2)}\n`)
  if ('svg' in picture) await write(`figures/${name}.svg`, picture.svg)
  else await write(`figures/${name}.png`, picture.png)
  await write(`figures/${name}.csv`, toCsv(picture.rows))
}
