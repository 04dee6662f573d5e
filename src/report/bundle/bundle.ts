import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { type Run, type RunGroup, versionState } from '../../runs/index.ts'
import { chosenRuns } from './chosen.ts'
import { codeOf } from './code.ts'
import { figureFiles } from './figures.ts'
import { type BundleFile, type Gap, noted, required, textFile } from './file.ts'
import { type BundleManifest, bundleManifestSchema, digestOf, sumsText } from './manifest.ts'
import { modelPart } from './models.ts'
import { bundleReadme } from './readme.ts'
import { reportPart } from './reports.ts'
import { trainingPart } from './training.ts'
import { inOrder, writeZip } from './zip.ts'

export interface BundleOptions {
  /** Of the hand-in, and of the zip: `ada_lovelace_hw2`. */
  readonly name: string
  /** Where the zip goes (default: the current folder). */
  readonly out?: string
  /** Built reports, or sources of reports (default: what lies in `built/`). */
  readonly reports?: readonly string[]
  /** Files and folders of code beside the experiments. */
  readonly code?: readonly string[]
  /** Pages that a PDF of the report may have, its appendix aside. */
  readonly pages?: number
  /** Folder of the page on all runs, whose figures are put in, where there is one; see `groupReportFolder`. */
  readonly page?: string
  /** Folder in which the runs were started (default: the current one). */
  readonly folder?: string
  /** Told how far it has come, from 0 to 1; what it throws ends the making, and nothing is left. */
  onProgress?(share: number, detail: string): void
}

/** A bundle as it was written. */
export interface Bundle {
  /** Of the zip. */
  readonly path: string
  readonly manifest: BundleManifest
  /** Whether nothing that is required is missing. */
  readonly isWhole: boolean
}

/**
 * Packs what is to be handed in: report, code, a folder for each model with the weights of its best run by the validation split, figures, pictures of the
 * training, seeds, a list of all files with their sums. It is written whatever is missing, which it says. The same runs and files give the same bytes.
 *
 * @throws UsageError where the name cannot be a file's, or there is no run
 *
 * @example
 * const { groups } = await openRuns('runs', ['grid:cnn-comparison'])
 * const { path, manifest } = await writeBundle(groups, { name: 'ada_lovelace_hw2', pages: 6 })
 * manifest.missing // [{ about: 'report', text: 'there is no notebook of the report', isRequired: false }]
 */
export async function writeBundle(groups: readonly RunGroup[], options: BundleOptions): Promise<Bundle> {
  const { name, pages, folder = process.cwd(), out = folder, onProgress } = options
  requireName(name)
  const runs = groups.flatMap((group) => group.runs)
  if (runs.length === 0) throw new UsageError('there is no run to hand in: train something first')
  onProgress?.(0, 'choosing models')
  const chosen = await chosenRuns(groups)
  const gaps: Gap[] = notFinished(runs, chosen.length)
  for (const { folder: model, isBlind } of chosen)
    if (isBlind)
      gaps.push(noted(`models/${model}`, 'there is no validation split: its run was chosen by the training loss'))
  const report = await reportPart({
    folder,
    ...(options.reports && { reports: options.reports }),
    ...(pages !== undefined && { pages }),
  })
  const code = await codeOf(runs, { folder, ...(options.code && { more: options.code }) })
  const files: BundleFile[] = [...report.files, ...code.files, ...(await figureFiles(chosen, options.page))]
  gaps.push(...report.gaps, ...code.gaps)
  for (const [i, one] of chosen.entries()) {
    onProgress?.((0.6 * i) / chosen.length, one.name)
    for (const part of [await modelPart(one), await trainingPart(one)]) {
      files.push(...part.files)
      gaps.push(...part.gaps)
    }
  }
  const date = lastOf(runs)
  const data = dataOf(runs)
  files.push(
    textFile('seeds.json', seedsText(groups), 'every run with its seed'),
    textFile(
      'README.md',
      bundleReadme({ name, date: date.toISOString(), chosen, runs: runs.length, gaps, files, data }),
      'what is where',
    ),
  )
  const listed: BundleManifest['files'] = []
  for (const [i, file] of inOrder(files).entries()) {
    onProgress?.(0.6 + (0.2 * i) / files.length, 'summing')
    const { path, what, run } = file
    listed.push({ path, ...(await digestOf(file)), what, ...(run !== undefined && { run }) })
  }
  const manifest = bundleManifestSchema.parse({
    version: 1,
    ...{ name, date: date.toISOString(), assay: (await versionState()).assay },
    ...(pages !== undefined && { pageLimit: pages }),
    ...{ pages: report.pages, missing: gaps, data },
    models: chosen.map((one) => ({
      folder: `models/${one.folder}`,
      name: one.name,
      run: one.run.id,
      chosen: one.because,
    })),
    files: listed,
  })
  const list = textFile('MANIFEST.json', `${JSON.stringify(manifest, null, 2)}\n`, 'every file')
  const sums = sumsText([...listed, { path: list.path, ...(await digestOf(list)) }])
  const path = join(resolve(out), `${name}.zip`)
  await mkdir(resolve(out), { recursive: true })
  await writeZip(path, [...files, list, textFile('SHA256SUMS', sums, 'sums')], date, (done, total) =>
    onProgress?.(0.8 + (0.2 * done) / total, 'packing'),
  )
  return { path, manifest, isWhole: !gaps.some(({ isRequired }) => isRequired) }
}

/** Letters, digits and what joins them, as in `ada_lovelace_hw2`: a file's name on every system. */
function requireName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || !/^[^_]+_[^_]+_.+$/.test(name))
    throw new UsageError(
      `the name is "${name}": give firstname_lastname_what in letters without accents, digits, ".", "-" and "_", such as ada_lovelace_hw2`,
    )
}

function notFinished(runs: readonly Run[], models: number): Gap[] {
  const rest = runs.filter(({ manifest }) => manifest.status !== 'finished')
  return [
    ...(models === 0 ? [required('models', 'no run has finished, so there is no model')] : []),
    ...(rest.length === 0
      ? []
      : [
          noted(
            'runs',
            `${rest.length} of ${runs.length} did not finish: ${rest.map(({ id, manifest }) => `${id} (${manifest.diverged === true ? 'diverged' : manifest.status})`).join(', ')}`,
          ),
        ]),
  ]
}

const lastOf = (runs: readonly Run[]): Date =>
  new Date(Math.max(...runs.map(({ manifest: { finishedAt, createdAt } }) => Date.parse(finishedAt ?? createdAt))))

function dataOf(runs: readonly Run[]): BundleManifest['data'] {
  const found = runs.map(({ manifest: { data } }) => ({ name: data.name, ...data.fingerprint }))
  return found.filter((one, i) => found.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i)
}

function seedsText(groups: readonly RunGroup[]): string {
  const rows = groups.flatMap(({ label, runs }) =>
    runs.map(({ id, manifest: { name, seed, status, grid, configHash } }) => ({
      ...{ run: id, experiment: name, label, seed, status },
      ...(grid && { grid: grid.name, cell: grid.labels }),
      configHash,
    })),
  )
  return `${JSON.stringify(rows, null, 2)}\n`
}
