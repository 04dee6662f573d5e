import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reportPart } from './reports.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-reports-'))
  for (const homework of ['first', 'second']) {
    mkdirSync(join(folder, homework, 'built'), { recursive: true })
    writeFileSync(join(folder, homework, 'report.md'), homework)
    writeFileSync(join(folder, homework, 'built', 'report.html'), homework)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('packs two reports of one name, each with its source', async () => {
  const { files } = await reportPart({ folder, reports: ['first/report.md', 'second/report.md', 'first/report.md'] })
  expect(files.map(({ path, what }) => [path, what])).toEqual([
    ['report/report.html', 'the report as a page'],
    ['report/source/report.md', 'what the report was built from'],
    ['report/second/report.html', 'the report as a page'],
    ['report/second/source/report.md', 'what the report was built from'],
  ])
})
