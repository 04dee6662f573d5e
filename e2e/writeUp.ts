import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openRuns } from 'assay/runs'
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { writeBundle } from '../src/report/bundle/index.ts'
import { writeDraft } from '../src/report/draft/index.ts'
import { FORMAT_NAMES, writeFormats } from '../src/report/index.ts'
import { buildReport } from '../src/report/source/index.ts'
import { nbformatErrors } from '../src/testing/nbformat.ts'
import { violations } from './browser.ts'

const nbformat = nbformatErrors()
/** Examples lie there, and so their place among the code is known. */
const ROOT = resolve(import.meta.dirname, '..')

/**
 * Writes up an experiment that was trained in a folder: a draft, built in every format and packed. Its pages pass axe, its notebook is one
 * by nbformat's schema, its PDFs are tagged.
 */
export async function expectWriteUp(folder: string, name: string, browser: Browser | undefined): Promise<void> {
  const runs = join(folder, 'runs')
  const draft = await writeDraft(name, { runs, into: folder })
  const { document } = await buildReport(draft.path, { records: draft.records })
  const built = join(folder, `${name}-built`)
  const options = { formats: FORMAT_NAMES, name: 'report', date: new Date('2026-11-22') }
  const outcomes = await writeFormats(built, document, options)
  expect(
    outcomes.flatMap((outcome) => ('error' in outcome ? [`${outcome.format}: ${outcome.error.message}`] : [])),
  ).toEqual([])
  const text = async (file: string): Promise<string> => (await readFile(join(built, file))).toString('latin1')
  for (const pdf of ['report.pdf', 'slides.pdf']) {
    expect((await text(pdf)).trimEnd()).toSatisfy((all: string) => all.startsWith('%PDF-') && all.endsWith('%%EOF'))
    expect(await text(pdf)).toContain('/StructTreeRoot')
  }
  expect(await text('report.md')).toMatch(/^# /)
  expect(nbformat?.(JSON.parse(await readFile(join(built, 'report.ipynb'), 'utf8'))) ?? []).toEqual([])
  if (browser !== undefined)
    for (const page of ['report.html', 'slides.html'])
      expect(await violations(browser, join(built, page)), page).toEqual([])
  const { groups } = await openRuns(runs, [name])
  const reports = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.path]))
  const bundle = await writeBundle(groups, { name: `ada_lovelace_${name}`, reports, folder: ROOT, out: folder })
  expect(bundle.manifest.missing.filter(({ isRequired }) => isRequired)).toEqual([])
}
