import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import type { BundleFile, Gap, Part } from './file.ts'
import { noted, required } from './file.ts'
import { countedPages } from './pdfPages.ts'

export interface ReportOptions {
  /** Built files (`built/report.pdf`), or sources (`report.md`) whose `built/` folder is taken whole. Default: what lies in `built/`. */
  readonly reports?: readonly string[]
  /** Pages that a PDF may have, its appendix aside. */
  readonly pages?: number
  readonly folder?: string
}

const SOURCES = ['.md', '.ts']
/** What a hand-in asks for, by the end of its name; the others are said to be missing and not needed. */
const FORMATS = [
  ['PDF', '.pdf', true],
  ['HTML', '.html', false],
  ['notebook', '.ipynb', false],
] as const

/** The built report: every format that is there. */
export async function reportPart({
  reports,
  pages,
  folder = process.cwd(),
}: ReportOptions): Promise<Part & { readonly pages: Readonly<Record<string, number>> }> {
  const gaps: Gap[] = []
  const found = new Map<string, string>()
  for (const given of reports ?? ['built']) {
    const path = resolve(folder, given)
    const isSource = SOURCES.includes(extname(path)) && basename(dirname(path)) !== 'built'
    if (!existsSync(path)) {
      if (reports !== undefined) gaps.push(required('report', `there is no ${given}: build it with assay report`))
      continue
    }
    const built = isSource ? join(dirname(path), 'built') : path
    const own = new Map(
      (await filesOf(built)).map((file) => [
        file === built ? basename(file) : relative(built, file).split(sep).join('/'),
        file,
      ]),
    )
    if (isSource) own.set(`source/${basename(path)}`, path)
    // Two reports of one name: the second has a folder, called as the one that it is from.
    const isTaken = [...own].some(([place, file]) => found.has(place) && found.get(place) !== file)
    const place = isTaken ? `${folderOf(built, folder)}/` : ''
    for (const [name, file] of own) found.set(`${place}${name}`, file)
    if (isSource && (await isOlder(built, path)))
      gaps.push(noted('report', `${given} has changed since it was built: build it again`))
  }
  const files = [...found].map(
    ([place, file]): BundleFile => ({ path: `report/${place}`, content: { file }, what: whatOf(place) }),
  )
  const has = (end: string): boolean => files.some(({ path }) => path.endsWith(end))
  if (!FORMATS.some(([, end]) => has(end)))
    gaps.push(required('report', 'there is no built report: write one with assay report, and name it with --report'))
  else
    for (const [name, end, isRequired] of FORMATS)
      if (!has(end)) gaps.push((isRequired ? required : noted)('report', `there is no ${name} of the report`))
  const counted: Record<string, number> = {}
  for (const [place, file] of found) {
    if (extname(place) !== '.pdf') continue
    const count = countedPages(await readFile(file))
    if (count === undefined) gaps.push(required('report', `${place} is no PDF whose pages can be counted`))
    else counted[`report/${place}`] = count
  }
  gaps.push(...tooLong(counted, pages))
  return { files, gaps, pages: counted }
}

/** PDFs of more pages than a limit; slides are of another kind, and have none. */
export const tooLong = (counted: Readonly<Record<string, number>>, limit: number | undefined): Gap[] =>
  Object.entries(counted).flatMap(([path, count]) =>
    limit === undefined || count <= limit || /slides\.pdf$/.test(path)
      ? []
      : [
          required(
            'report',
            `${path.slice('report/'.length)} has ${count} pages, an appendix aside, and ${limit} are the limit`,
          ),
        ],
  )

function whatOf(place: string): string {
  if (/(?:^|\/)source\//.test(place)) return 'what the report was built from'
  const kinds: Readonly<Record<string, string>> = {
    '.pdf': 'the report on paper',
    '.html': 'the report as a page',
    '.ipynb': 'the report as a notebook',
    '.md': 'the report as Markdown',
  }
  return /slides\./.test(place) ? 'slides' : (kinds[extname(place)] ?? 'belongs to the report')
}

/** Of the folder that holds `built/`, or a built file, from where the hand-in is made. */
function folderOf(built: string, folder: string): string {
  const holder = dirname(built)
  const home = basename(holder) === 'built' ? dirname(holder) : holder
  return (
    relative(folder, home)
      .split(sep)
      .join('-')
      .replace(/^(?:\.\.-)+/, '') || 'more'
  )
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return []
  if (found.isFile()) return [path]
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  return (await Promise.all(entries.map(({ name }) => filesOf(join(path, name))))).flat()
}

/** Whether the newest built file is older than its source. */
async function isOlder(built: string, source: string): Promise<boolean> {
  const times = await Promise.all((await filesOf(built)).map(async (file) => (await stat(file)).mtimeMs))
  return times.length > 0 && Math.max(...times) < (await stat(source)).mtimeMs
}
