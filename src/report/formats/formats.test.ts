import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { ReportDocument } from '../document.ts'
import { FORMAT_NAMES, isFormatName, writeFormats } from './index.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})
const built = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-formats-'))
  folders.push(folder)
  return join(folder, 'built')
}
const options = { name: 'homework', date: new Date('2026-11-21T10:00:00Z') }
const document: ReportDocument = { title: 'Homework', lead: [{ kind: 'paragraph', text: 'Hello.' }], sections: [] }

it('writes each format into a folder that it makes, by the name of the source', async () => {
  const folder = await built()
  const told: string[] = []
  const outcomes = await writeFormats(folder, document, {
    ...options,
    formats: ['pdf', 'html'],
    onProgress: (format, at, of) => told.push(`${format} ${at}/${of}`),
  })
  expect(outcomes).toEqual([
    { format: 'pdf', path: join(folder, 'homework.pdf'), pages: 1 },
    { format: 'html', path: join(folder, 'homework.html') },
  ])
  expect(told).toEqual(['pdf 0/2', 'html 1/2'])
  expect(await readFile(join(folder, 'homework.html'), 'utf8')).toContain('<p>Hello.</p>')
})

it('keeps the error of a format, and writes those after it', async () => {
  // A picture without a size cannot be set on paper, and stands in a page.
  const picture = { svg: '<svg/>', alt: 'curves' }
  const bad: ReportDocument = { ...document, lead: [{ kind: 'figure', picture, caption: 'Curves' }] }
  const [pdf, html] = await writeFormats(await built(), bad, { ...options, formats: ['pdf', 'html'] })
  expect(pdf).toEqual({ format: 'pdf', error: expect.any(UsageError) })
  expect(html).not.toHaveProperty('error')
})

it('writes a PDF of too many pages, and refuses it', async () => {
  const lead = Array.from({ length: 400 }, () => ({ kind: 'paragraph', text: 'Words upon words.' }) as const)
  const folder = await built()
  const [pdf] = await writeFormats(
    folder,
    { ...document, lead },
    { ...options, formats: ['pdf'], pdf: { mostPages: 2 } },
  )
  expect(pdf).toMatchObject({ format: 'pdf', path: join(folder, 'homework.pdf'), error: expect.any(UsageError) })
  expect((await readFile(join(folder, 'homework.pdf'))).subarray(0, 5).toString()).toBe('%PDF-')
})

it('does not write over the source', async () => {
  const folder = await built()
  const keep = join(folder, 'homework.md')
  const [markdown, html] = await writeFormats(folder, document, { ...options, formats: ['markdown', 'html'], keep })
  expect(markdown).toMatchObject({ error: { message: expect.stringContaining('is the source') } })
  await expect(readFile(keep)).rejects.toThrow('ENOENT')
  expect(html).not.toHaveProperty('error')
})

it('knows its formats', () => {
  expect(FORMAT_NAMES).toEqual(expect.arrayContaining(['html', 'pdf']))
  expect(isFormatName('docx')).toBe(false)
})
