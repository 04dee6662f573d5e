import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { BundleFile } from './file.ts'
import { piecesOf } from './zip.ts'

/** `MANIFEST.json` of a bundle. */
export const bundleManifestSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  /** When the last of its runs ended: ISO 8601, UTC. */
  date: z.iso.datetime(),
  assay: z.string(),
  /** Pages that a PDF of the report may have, its appendix aside. */
  pageLimit: z.int().positive().optional(),
  /** Pages of each PDF, its appendix aside. */
  pages: z.record(z.string(), z.int()),
  /** What is missing or not as it should be; `isRequired`: so it cannot be handed in. */
  missing: z.array(z.object({ about: z.string(), text: z.string(), isRequired: z.boolean() })),
  /** Data sets are not in the bundle: their fingerprints tell whether others are the same. */
  data: z.array(z.object({ name: z.string(), train: z.string(), test: z.string() })),
  models: z.array(z.object({ folder: z.string(), name: z.string(), run: z.string(), chosen: z.string() })),
  /** Every file but this one and SHA256SUMS. */
  files: z.array(
    z.object({ path: z.string(), bytes: z.int(), sha256: z.string(), what: z.string(), run: z.string().optional() }),
  ),
})

export type BundleManifest = z.infer<typeof bundleManifestSchema>

/** Size and SHA-256 of a file, read piece by piece. */
export async function digestOf(file: BundleFile): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of piecesOf(file)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** As `sha256sum` writes and checks them. */
export const sumsText = (sums: readonly { readonly path: string; readonly sha256: string }[]): string =>
  sums.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')

/** What {@link sumsText} wrote, by path; lines that are none are left out. */
export const parseSums = (text: string): Map<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? []
      return sha256 === undefined || path === undefined ? [] : [[path, sha256] as const]
    }),
  )
