import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeStateDict } from '../../nn/index.ts'
import { groupRuns, listRuns, type Manifest, writePredictions } from '../../runs/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { toPdf } from '../pdf/toPdf.ts'
import { type BundleOptions, checkBundle, countedPages, openBundle, pdfPages, writeBundle } from './index.ts'

const NAME = 'ada_lovelace_hw2'
let root = ''
let pdf: Uint8Array = new Uint8Array()

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const base = finishedManifest('base')

/** A finished run of an experiment, whose validation accuracy is the one given; its test accuracy goes the other way. */
async function run(place: string, name: string, seed: number, accuracy: number, changes: Partial<Manifest> = {}) {
  const file = 'experiments/net.ts'
  const manifest: Manifest = {
    ...base,
    ...{ id: `${name}-s${seed}`, name, seed },
    experiment: { name, loss: { kind: 'crossEntropy' }, metrics: [{ kind: 'accuracy' }] },
    code: { file, fileHash: sha256(readFileSync(join(place, file))) },
    data: { ...base.data, classes: ['no', 'yes'] },
    ...changes,
  }
  const folder = writeRunFolder(join(place, 'runs'), manifest, [
    recordOf(1, 'train', 'loss', 0.7),
    recordOf(1, 'validation', 'accuracy', accuracy / 2),
    recordOf(2, 'train', 'loss', 0.3),
    recordOf(2, 'validation', 'accuracy', accuracy),
    recordOf(2, 'test', 'accuracy', 1 - accuracy),
  ])
  mkdirSync(join(folder, 'checkpoints'))
  mkdirSync(join(folder, 'figures'))
  const state = { 'linear.weight': { shape: [1, 2], data: Float32Array.of(seed, 2) } }
  writeFileSync(join(folder, 'checkpoints/final.safetensors'), encodeStateDict(state, { run: manifest.id }))
  writeFileSync(join(folder, 'model.onnx'), 'network')
  writeFileSync(join(folder, 'figures/roc.csv'), 'x,y\n')
  await writePredictions(join(folder, 'predictions.parquet'), {
    task: 'classification',
    index: Int32Array.of(0, 1, 2, 3),
    label: Int32Array.of(0, 0, 1, 1),
    predicted: Int32Array.of(0, 1, 1, 1),
    probabilities: Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8),
    classCount: 2,
  })
  return folder
}

/** A student's folder: experiments that import another file, a report, two models, the first with two seeds. */
async function homework(name: string): Promise<string> {
  const place = join(root, name)
  for (const folder of ['experiments/parts', 'built']) mkdirSync(join(place, folder), { recursive: true })
  writeFileSync(
    join(place, 'experiments/net.ts'),
    "import { experiment } from 'assay'\nimport { WIDTH } from './parts/width.js'\nexport default experiment({ width: WIDTH })\n",
  )
  writeFileSync(join(place, 'experiments/parts/width.ts'), 'export const WIDTH: number = 16\n')
  writeFileSync(join(place, 'package.json'), '{"dependencies":{"assay":"^0.1.0"}}')
  writeFileSync(join(place, 'package-lock.json'), '{}')
  writeFileSync(join(place, 'built/report.pdf'), pdf)
  writeFileSync(join(place, 'built/report.html'), '<p>report</p>')
  writeFileSync(join(place, 'built/report.ipynb'), '{}')
  await run(place, 'wide', 0, 0.6)
  await run(place, 'wide', 1, 0.9)
  await run(place, 'narrow', 0, 0.7)
  return place
}

const groupsOf = async (place: string) => groupRuns((await listRuns(join(place, 'runs'))).runs)
const bundleOf = async (place: string, options: Partial<BundleOptions> = {}) =>
  writeBundle(await groupsOf(place), { name: NAME, folder: place, ...options })

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-bundle-'))
  const sections = [{ title: 'All', blocks: [{ kind: 'paragraph' as const, text: 'One page.' }] }]
  pdf = (await toPdf({ title: 'Report', lead: [], sections }, { date: new Date(0) })).bytes
})
afterAll(() => rmSync(root, { recursive: true }))

describe('writeBundle', () => {
  it('packs report, code with what it imports, models, figures and pictures, and lists every file', async () => {
    const place = await homework('whole')
    const { path, manifest, isWhole } = await bundleOf(place, { pages: 1 })
    expect(path).toBe(join(place, `${NAME}.zip`))
    expect([isWhole, manifest.missing]).toEqual([true, []])
    const files = unzipSync(readFileSync(path))
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        ...['README.md', 'MANIFEST.json', 'SHA256SUMS', 'seeds.json'],
        ...['report/report.pdf', 'report/report.html', 'report/report.ipynb'],
        ...[
          'code/experiments/net.ts',
          'code/experiments/parts/width.ts',
          'code/package.json',
          'code/package-lock.json',
        ],
        ...['README.md', 'weights.safetensors', 'model.onnx', 'manifest.json', 'predictions.parquet'].map(
          (file) => `models/wide/${file}`,
        ),
        ...['models/narrow/weights.safetensors', 'figures/wide/roc.csv'],
        ...['log.png', 'log.svg', 'log.txt', 'curves-epoch-001.png', 'curves-epoch-002.png'].map(
          (file) => `training/wide-s1/${file}`,
        ),
      ]),
    )
    const listed = manifest.files.map(({ path: file }) => file)
    expect([...listed, 'MANIFEST.json', 'SHA256SUMS'].sort()).toEqual(Object.keys(files).sort())
    for (const { path: file, bytes, sha256: sum } of manifest.files)
      expect([file, files[file]?.length, sha256(files[file] ?? '')]).toEqual([file, bytes, sum])
    expect(strFromU8(files['training/wide-s1/log.txt'] ?? new Uint8Array())).toMatch(/2 +0\.3000 +90\.00%/)
    expect(JSON.parse(strFromU8(files['seeds.json'] ?? new Uint8Array()))).toHaveLength(3)
  })

  it('chooses by the validation split, whatever the test split says, and says so', async () => {
    const place = await homework('chosen')
    const { path, manifest } = await bundleOf(place)
    expect(manifest.models).toMatchObject([
      { folder: 'models/wide', run: 'wide-s1' },
      { folder: 'models/narrow', run: 'narrow-s0', chosen: 'as its only finished run' },
    ])
    const readme = strFromU8(unzipSync(readFileSync(path))['models/wide/README.md'] ?? new Uint8Array())
    for (const text of [
      'chosen as the best of 2 finished runs by its accuracy on the validation split',
      '84,097 parameters',
      '| accuracy | 75.00% |',
      'npx assay test-model ../models/wide ',
      "import experiment from './experiments/net.ts'",
    ])
      expect(readme).toContain(text)
  })

  it('gives the same bytes twice, in any time zone', async () => {
    const place = await homework('twice')
    const first = readFileSync((await bundleOf(place)).path)
    const zone = process.env.TZ
    try {
      process.env.TZ = 'Asia/Tokyo'
      expect(sha256(readFileSync((await bundleOf(place)).path))).toBe(sha256(first))
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it('is written whatever is missing, which it says', async () => {
    const place = await homework('holes')
    rmSync(join(place, 'built'), { recursive: true })
    rmSync(join(place, 'runs/narrow-s0/checkpoints/final.safetensors'))
    const file = join(place, 'experiments/net.ts')
    const before = sha256(readFileSync(file)).slice(0, 12)
    writeFileSync(file, 'export default 1\n')
    const { path, manifest, isWhole } = await bundleOf(place)
    expect(isWhole).toBe(false)
    const said = manifest.missing.map(({ about, text }) => `${about}: ${text}`).join('\n')
    for (const text of [
      'report: there is no built report',
      `experiments/net.ts has changed since 3 runs: it is ${sha256('export default 1\n').slice(0, 12)} now and was ${before}`,
      'models/narrow: the weights of run narrow-s0 are gone',
    ])
      expect(said).toContain(text)
    const files = unzipSync(readFileSync(path))
    expect(strFromU8(files['README.md'] ?? new Uint8Array())).toContain('the weights of run narrow-s0 are gone')
    expect(files['models/narrow/model.onnx']).toBeDefined()
    rmSync(file)
    expect((await bundleOf(place)).manifest.missing.map(({ text }) => text).join()).toContain(
      'net.ts, the experiment file',
    )
  })

  it('says that a report is too long, and that a model was chosen without a validation split', async () => {
    const place = await homework('long')
    for (const seed of [0, 1]) {
      const records = [recordOf(1, 'train', 'loss', 0.9 - seed / 2), recordOf(1, 'test', 'accuracy', 0.1)]
      const id = `blind-s${seed}`
      writeRunFolder(join(place, 'runs'), { ...base, id, name: 'blind', seed, experiment: { name: 'blind' } }, records)
    }
    writeFileSync(
      join(place, 'built/report.pdf'),
      Buffer.from(
        Buffer.from(pdf)
          .toString('latin1')
          .replace(/(\/Type \/Pages[^>]*\/Count )1/, '$17'),
        'latin1',
      ),
    )
    const { manifest } = await bundleOf(place, { pages: 6 })
    const said = manifest.missing.map(({ text }) => text)
    expect(said).toContain('report.pdf has 7 pages, an appendix aside, and 6 are the limit')
    expect(said).toContain('there is no validation split: its run was chosen by the training loss')
    expect(manifest.models.find(({ name }) => name === 'blind')?.run).toBe('blind-s1')
  })

  it('leaves nothing when it is stopped, and refuses names that are no files’', async () => {
    const place = await homework('stopped')
    const groups = await groupsOf(place)
    const onProgress = (share: number): void => {
      if (share > 0.9) throw new Error('stopped')
    }
    await expect(writeBundle(groups, { name: NAME, folder: place, onProgress })).rejects.toThrow('stopped')
    expect(readdirSync(place).filter((file) => file.includes('.zip'))).toEqual([])
    for (const name of ['ada', '../ada_lovelace_hw2', 'ada_löve_hw', 'ada lovelace_x_y', '_a_b'])
      await expect(writeBundle(groups, { name, folder: place }), name).rejects.toThrow('firstname_lastname_what')
  })
})

describe('checkBundle', () => {
  const failed = async (path: string, options = {}) =>
    checkBundle(await openBundle(path), options).flatMap(({ what, isGood, text }) =>
      isGood ? [] : [`${what}: ${text}`],
    )

  it('passes what was packed, and counts pages', async () => {
    const { path } = await bundleOf(await homework('good'))
    expect(checkBundle(await openBundle(path), { pages: 1 }).map(({ what, isGood }) => [what, isGood])).toEqual([
      ['sums', true],
      ['files', true],
      ['pages', true],
    ])
  })

  it('catches a byte that was changed, a file that was taken out and one that was put in', async () => {
    const { path } = await bundleOf(await homework('bad'))
    const files = unzipSync(readFileSync(path))
    const changed = Uint8Array.from(files['models/wide/weights.safetensors'] ?? [])
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    const { 'seeds.json': _, ...others } = files
    writeFileSync(
      path,
      zipSync({ ...others, 'models/wide/weights.safetensors': changed, 'extra.txt': new Uint8Array(1) }),
    )
    expect(await failed(path)).toEqual([
      'sums: changed since it was made: models/wide/weights.safetensors',
      'files: not there: seeds.json; not in the list: extra.txt',
    ])
    const { 'MANIFEST.json': __, ...listless } = files
    writeFileSync(path, zipSync(listless))
    expect(await failed(path)).toEqual(['list: MANIFEST.json is missing or damaged: make the bundle again'])
  })

  it('refuses what is no zip, and paths that lead out of it', async () => {
    const path = join(root, 'other.zip')
    await expect(openBundle(join(root, 'none.zip'))).rejects.toThrow('there is no')
    writeFileSync(path, 'no zip')
    await expect(openBundle(path)).rejects.toThrow('cannot be unpacked')
    writeFileSync(path, zipSync({ '../out.txt': new Uint8Array(1) }))
    await expect(openBundle(path)).rejects.toThrow('leads out of its folder')
  })
})

describe('countedPages', () => {
  const section = (title: string) => ({ title, blocks: [{ kind: 'paragraph' as const, text: 'Text.' }] })

  it('leaves the pages of an appendix out', async () => {
    const written = { title: 'Report', lead: [], sections: [section('Results'), section('Attribution')] }
    const { bytes, countedPages: counted } = await toPdf(
      { ...written, appendix: [section('More'), section('Yet more')] },
      { date: new Date(0) },
    )
    expect([pdfPages(bytes), countedPages(bytes)]).toEqual([counted + 1, counted])
    const { bytes: without, pages } = await toPdf(written, { date: new Date(0) })
    expect([pdfPages(without), countedPages(without)]).toEqual([pages, pages])
  })
})

describe('pdfPages', () => {
  it('counts pages in the open and in compressed object streams', async () => {
    expect(pdfPages(pdf)).toBe(1)
    const { deflateSync } = await import('node:zlib')
    const objects = deflateSync(
      Buffer.from('1 0 2 60 <</Type/Pages/Kids[3 0 R]/Count 3>> <</Type /Pages /Resources <</Font <<>>>> /Count 12>>'),
    )
    const stream = Buffer.concat([
      Buffer.from('%PDF-1.5\n5 0 obj\n<</Type /ObjStm /N 2>>\nstream\n'),
      objects,
      Buffer.from('\nendstream\nendobj'),
    ])
    expect(pdfPages(stream)).toBe(12)
    expect(pdfPages(Buffer.from('%PDF-1.5 nothing'))).toBeUndefined()
    expect(pdfPages(Buffer.from('<p>/Type /Pages /Count 3</p>'))).toBeUndefined()
  })
})
