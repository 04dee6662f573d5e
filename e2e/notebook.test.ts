import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { assay, scratch } from './assay.ts'

const REPOSITORY = resolve(import.meta.dirname, '..')
const run = promisify(execFile)

/** Whether notebooks can be run here: Debian's jupyter-nbconvert and python3-nbformat. */
function hasJupyter(): boolean {
  try {
    execFileSync('jupyter', ['nbconvert', '--version'], { stdio: 'ignore' })
    execFileSync('/usr/bin/python3', ['-c', 'import nbformat'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('skipped: there is no jupyter here (Debian: jupyter-nbconvert, python3-nbformat)')
    return false
  }
}

const text = z.union([z.string(), z.array(z.string())]).transform((lines) => [lines].flat().join(''))
const notebook = z.object({
  cells: z.array(
    z.object({
      cell_type: z.string(),
      source: text,
      outputs: z
        .array(z.looseObject({ output_type: z.string(), data: z.record(z.string(), z.unknown()).optional() }))
        .optional(),
    }),
  ),
})

const VALIDATE = 'import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))'

it.skipIf(!hasJupyter())(
  'the notebook that assay new makes runs in Jupyter with the kernel of the deno package, and shows what it finds',
  { timeout: 180_000 },
  async () => {
    const { folder, remove } = await scratch()
    try {
      // As npm install would leave them above the new folder.
      await mkdir(join(folder, 'node_modules/.bin'), { recursive: true })
      await symlink(REPOSITORY, join(folder, 'node_modules/assay'), 'dir')
      await symlink(join(REPOSITORY, 'node_modules/deno'), join(folder, 'node_modules/deno'), 'dir')
      await symlink('../deno/deno', join(folder, 'node_modules/.bin/deno'))
      const made = await assay(folder, 'new', 'notebook', 'digits', '--json')
      expect(JSON.parse(made.stdout)).toMatchObject({ needsInstall: false })
      const place = join(folder, 'digits')
      const path = join(place, 'notebook.ipynb')
      await run('/usr/bin/python3', ['-c', VALIDATE, path])
      const whole = await readFile(path, 'utf8')
      const short = whole.replace('epochs: 3', 'epochs: 1').replace('validation: 10_000', 'validation: 50_000')
      expect(short).not.toBe(whole)
      await writeFile(path, short)

      // Nothing of a user's own: neither kernels nor caches.
      const home = { HOME: folder, XDG_DATA_HOME: join(folder, 'data'), DENO_DIR: join(folder, 'deno') }
      await run('npm', ['start'], { cwd: place, env: { ...process.env, ...home }, maxBuffer: 2 ** 26 })
      await run('/usr/bin/python3', ['-c', VALIDATE, path])

      const { cells } = notebook.parse(JSON.parse(await readFile(path, 'utf8')))
      const shown = cells.flatMap(({ source, outputs = [] }) => outputs.map((output) => ({ ...output, source })))
      expect(shown.filter(({ output_type }) => output_type === 'error')).toEqual([])
      const dataOf = (source: string) =>
        shown.flatMap((output) => (output.source.includes(source) && output.data ? [output.data] : []))
      const words = (source: string): string =>
        dataOf(source)
          .map((data) => text.parse(data['text/plain'] ?? ''))
          .join('\n')
      const pictures = (source: string): number => dataOf(source).filter((data) => 'image/png' in data).length

      expect(words('profileSplits(')).toContain('70,000 images: 60,000 to train and 10,000 to test.')
      expect(pictures('imageGridPng(')).toBe(1)
      expect(words('summary(model')).toContain('61,706 parameters')
      expect(pictures('architectureSvg(')).toBe(1)
      expect(words('experiment({')).toMatch(/to train +10,000/)
      // The progress, at its end, and what the run shows of itself.
      expect(words('await train(')).toMatch(/notebook-digits: finished after 79 steps/)
      expect(words('await train(')).toMatch(/accuracy +[789]\d\.\d\d% +[789]\d\.\d\d% to/)
      const curves = dataOf('await train(').find((data) => 'image/png' in data)
      expect(curves).toMatchObject({
        'application/vnd.vegalite.v5+json': { $schema: 'https://vega.github.io/schema/vega-lite/v5.json' },
      })
      expect(dataOf('await train(').filter((data) => 'text/html' in data)).toHaveLength(2)
      for (const cell of ['confusionMatrix()', 'mistakes()', 'run.predict(']) expect(pictures(cell), cell).toBe(1)
      expect(words('run.predict(')).toMatch(/0 {2}\d \d+\.\d%/)
      const [id = ''] = await readdir(join(place, 'runs'))
      expect(words('listRuns(')).toContain(id)
      expect(await readdir(join(place, 'runs', id))).toEqual(
        expect.arrayContaining(['manifest.json', 'model.onnx', 'predictions.parquet', 'report.html']),
      )

      // A write-up of that run as a notebook: as it was written, and when its cells are run again.
      const figure = "figure('curves', run('latest'), { id: 'fig:curves', caption: 'Curves.' })"
      const body = `# Results\n\nAccuracy {{ run('latest').test.accuracy }}, as in @fig:curves.\n\n{{ ${figure} }}\n`
      await writeFile(join(place, 'report.md'), `---\ntitle: Digits\nauthors: [{ name: Ada Example }]\n---\n\n${body}`)
      expect(await assay(place, 'report', 'report.md', '--format', 'notebook')).toMatchObject({ code: 0 })
      const written = join(place, 'built/report.ipynb')
      const cellsOf = async () => notebook.parse(JSON.parse(await readFile(written, 'utf8'))).cells
      const figureCell = async () => (await cellsOf()).find(({ source }) => source === figure)?.outputs
      await run('/usr/bin/python3', ['-c', VALIDATE, written])
      expect((await cellsOf()).some(({ source }) => /Accuracy \d\d\.\d\d%, as in \[Figure 1\]/.test(source))).toBe(true)
      expect(await figureCell()).toMatchObject([{ data: { 'image/png': expect.any(String) } }])
      const execute = ['nbconvert', '--to', 'notebook', '--execute', '--inplace', written]
      await run('jupyter', execute, { cwd: place, env: { ...process.env, ...home }, maxBuffer: 2 ** 26 })
      expect((await figureCell())?.map(({ output_type }) => output_type)).toEqual(['display_data', 'execute_result'])
      expect(await figureCell()).toMatchObject([{ data: { 'image/png': expect.any(String) } }, {}])
    } finally {
      await remove()
    }
  },
)
