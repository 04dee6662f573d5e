import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import type { Manifest } from '../../runs/index.ts'
import { createStudy, logFloat, random, space } from '../../search/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { allFindings, audited } from '../audited.ts'
import { buildReport } from '../source/index.ts'
import { writeDraft } from './index.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'assay-draft-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Made {
  readonly name: string
  readonly seed: number
  readonly accuracy?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly lr?: number
  readonly changes?: Partial<Manifest>
}

const CLASSES = ['cat', 'dog', 'owl']

function write(root: string, { name, seed, accuracy, labels, lr = 0.001, changes }: Made): void {
  const id = `${name}-s${seed}-${Object.values(labels ?? {}).join('-') || 'a'}`
  const manifest = finishedManifest(id, {
    ...{ name, seed },
    experiment: {
      ...{
        name,
        epochs: 2,
        batchSize: 64,
        seeds: [seed],
        metrics: [{ kind: 'accuracy' }],
        prepare: [{ kind: 'standardize' }],
      },
      data: { kind: 'arrays' },
      loss: { kind: 'crossEntropy' },
      schedule: { kind: 'constant' },
      optimizer: { kind: 'adam', lr },
      model: { kind: 'Sequential', children: { 0: { kind: 'BatchNorm1d' }, 1: { kind: 'Linear', outFeatures: 3 } } },
    },
    model: {
      name: 'Sequential',
      parameters: 461,
      layers: [{ name: '0', layer: 'Linear(3)', 'output shape': '3', parameters: 461 }],
    },
    data: {
      name: 'pets',
      fingerprint: { train: 'a1b2c3d4', test: 'b2c3d4e5' },
      splits: { train: 800, validation: 100, test: 100 },
      classes: CLASSES,
      inputShape: [4],
      inputDtype: 'float32',
    },
    ...(labels !== undefined && { grid: { name: 'rates', labels } }),
    ...changes,
  })
  const scores = (epoch: number, share: number) =>
    ['train', 'validation', 'test'].flatMap((split) => [
      recordOf(epoch, split, 'loss', 1 - share),
      recordOf(epoch, split, 'accuracy', split === 'train' ? Math.min(1, share + 0.05) : share),
    ])
  writeRunFolder(root, manifest, accuracy === undefined ? [] : [...scores(1, accuracy - 0.1), ...scores(2, accuracy)])
}

const seeds = (name: string, accuracies: readonly number[]): Made[] =>
  accuracies.map((accuracy, seed) => ({ name, seed, accuracy }))

/** Runs in a folder of their own, a draft on them, and what the audit has against it. */
async function drafted(place: string, made: readonly Made[], reference: string) {
  const into = join(home, place)
  for (const one of made) write(join(into, 'runs'), one)
  const draft = await writeDraft(reference, { runs: join(into, 'runs'), into })
  const built = await buildReport(draft.path)
  const document = await audited(built.document, built.records.used())
  const titles = document.sections.map(({ title }) => title)
  return { ...draft, built, document, titles, text: readFileSync(draft.path, 'utf8'), findings: allFindings(document) }
}

const SECTIONS = [
  'Goals',
  'Data',
  'Method',
  'Results',
  'Discussion',
  'Reproducibility',
  'Attribution',
  'Findings of the audit',
]
const errors = (findings: Awaited<ReturnType<typeof drafted>>['findings']) =>
  findings.filter(({ severity }) => severity !== 'note')

describe('a draft', () => {
  it('on one run has every section, its numbers as references, and nothing that the audit holds against it', async () => {
    const { titles, text, findings, document } = await drafted('one', seeds('pets', [0.9]), 'pets-s0')
    expect(titles).toEqual(SECTIONS)
    expect(text).toContain("{{ run('pets-s0-a').test.accuracy }}")
    expect(errors(findings)).toEqual([])
    expect(document.references?.map(({ id }) => id)).toEqual(['ioffe2015', 'kingma2015'])
    expect(text).toContain('**Error bars.** ')
    expect(text).toMatch(/\$\$m \\leftarrow/)
  })

  it('types no number that a run has', async () => {
    const { text } = await drafted('numbers', seeds('pets', [0.9137, 0.9241]), 'pets')
    const prose = text
      .slice(text.indexOf('# Goals'))
      .replace(/\{\{.*?\}\}|<!--.*?-->|\$\$.*?\$\$|\{#\S+\}|@\S+|`[^`]*`/gs, '')
    expect(prose.match(/(?<![\w.-])\d+(?:\.\d+)?(?![\d\s]*%)/g) ?? []).toEqual([])
  })

  it('on seeds tells means with intervals over them', async () => {
    const { text, findings } = await drafted('seeds', seeds('pets', [0.9, 0.92, 0.91]), 'pets')
    expect(text).toContain("the mean over {{ group('pets').test.accuracy.seeds }} seeds")
    expect(text).toContain('**Error bars.** Yes')
    expect(errors(findings)).toEqual([])
  })

  it('tells what settings change in the rules, which weights were tested, and of one finished seed no mean', async () => {
    const set = finishedManifest('any').experiment
    const experiment = {
      ...(typeof set === 'object' && set !== null && !Array.isArray(set) ? set : {}),
      optimizer: { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.001 },
      loss: { kind: 'crossEntropy', labelSmoothing: 0.1 },
      earlyStopping: { kind: 'earlyStopping', patience: 3, minDelta: 0, restoreBest: true },
      monitor: 'validation.loss',
    }
    const made: Made[] = [
      { name: 'pets', seed: 0, accuracy: 0.9, changes: { experiment } },
      { name: 'pets', seed: 1, changes: { experiment, status: 'failed', diverged: true } },
    ]
    const { text, document } = await drafted('settings', made, 'pets')
    expect(text).toContain('g \\leftarrow g + \\lambda \\theta')
    expect(text).toContain('\\eta (g + \\mu v)$ [@sutskever2013]')
    expect(text).toContain('with label smoothing')
    expect(text).toContain('those of the best epoch by `validation.loss` where it could stop early')
    expect(text).toContain('it is one run with one seed')
    expect(text).not.toContain('**Error bars.** Yes')
    expect(document.references?.map(({ id }) => id)).toContain('sutskever2013')
  })

  it('on names with signs of Markdown can be built', async () => {
    const cell = (rate: string, accuracy: number): Made => ({
      ...{
        name: 'odd',
        seed: 0,
        accuracy,
        lr: Number(rate),
        labels: { 'rate <i> {{ x }}': `${rate} \`|`, other: rate },
      },
    })
    const { text } = await drafted('odd', [cell('0.1', 0.3), cell('0.01', 0.8)], 'rates')
    expect(text).toContain('along rate \\<i> \\{\\{ x }} and other')
  })

  it('does not say that seeds too few to test show no difference', async () => {
    const low: Made[] = seeds('pets', [0.5, 0.51, 0.52]).map((one) => ({ ...one, lr: 0.1, labels: { rate: '0.1' } }))
    const high: Made[] = seeds('pets', [0.9, 0.91, 0.92]).map((one) => ({ ...one, labels: { rate: '0.001' } }))
    const { text } = await drafted('few', [...low, ...high], 'rates')
    expect(text).toContain('There is too little to test whether')
    expect(text).not.toContain('cannot be told apart')
  })

  it('on a grid pivots its cells, names the one that the validation split chose, and asks about those that did not train', async () => {
    const cell = (experiment: string, rate: string, accuracy: number): Made => ({
      ...{ name: experiment, seed: 0, accuracy, lr: Number(rate), labels: { experiment, 'learning rate': rate } },
    })
    const made = [
      cell('wide', '0.1', 0.3),
      cell('wide', '0.01', 0.8),
      cell('deep', '0.1', 0.85),
      cell('deep', '0.01', 0.9),
    ]
    const diverged: Made = {
      ...{ name: 'deep', seed: 1, lr: 0.01, labels: { experiment: 'deep', 'learning rate': '0.01' } },
      changes: { status: 'failed', diverged: true, error: 'the loss is not finite' },
    }
    const { text, findings, document } = await drafted('grid', [...made, diverged], 'rates')
    expect(text).toContain("table('pivot', group('rates'), { metric: 'accuracy', id: 'tab:pivot' })")
    expect(text).toContain("best(group('rates'), 'accuracy').cell }}")
    expect(text).toContain("{{ group('rates').diverged }} of {{ group('rates').runs }} runs diverged")
    expect(text).toMatch(/own: failed "These did not train[^"]*deep/)
    expect(errors(findings)).toEqual([])
    expect(JSON.stringify(document.sections)).toContain('deep (learning rate 0.01)')
  })

  it('is written of runs that all failed, too', async () => {
    const failed = { status: 'failed', diverged: true, error: 'the loss is not finite' } as const
    const { titles, text } = await drafted('failed', [{ name: 'pets', seed: 0, changes: failed }], 'pets')
    expect(titles).toEqual(SECTIONS)
    expect(text).toContain('No run has finished with a score yet.')
    expect(text).toContain('The run diverged')
  })

  it('on a study tells what was searched, and of its best configuration where that was trained', async () => {
    const into = join(home, 'study')
    const study = await createStudy({
      ...{
        name: 'net',
        space: space({ lr: logFloat(1e-4, 1) }),
        sampler: random(),
        direction: 'maximize',
        key: key(5),
      },
      ...{ folder: join(into, 'studies', 'net'), trials: 6 },
    })
    for (let trial = await study.ask(); trial; trial = await study.ask()) await study.tell(trial, trial.config.lr)
    const searched = await drafted('study', [], 'study:net')
    expect(searched.titles).toEqual(['Goals', 'Data', 'Results', 'Discussion', 'Attribution'])
    expect(searched.text).toContain("{{ study('net').trials }} trials")
    expect(searched.text).toContain("figure('history', study('net')")
    expect(errors(searched.findings)).toEqual([])
    const tested = await drafted('study', [{ name: 'net-best', seed: 0, accuracy: 0.9 }], 'study:net')
    expect(tested.titles).toEqual(SECTIONS)
    expect(tested.text).toContain("{{ table('space', study('net'), { id: 'tab:space' }) }}")
    expect(tested.text).toContain("group('net-best').test.accuracy")
    expect(errors(tested.findings)).toEqual([])
  })

  it('names a reference that is nothing', async () => {
    const { path } = await drafted('nothing', seeds('pets', [0.9]), 'pets')
    const runs = join(dirname(dirname(path)), 'runs')
    await expect(writeDraft('dogs', { runs, into: home })).rejects.toThrow('"dogs" is no run')
    await expect(writeDraft('study:dogs', { runs, into: home })).rejects.toThrow('there is no study "dogs"')
  })
})

describe('a draft that is written again', () => {
  const again = async (place: string, change: (text: string) => string) => {
    const first = await drafted(place, seeds('pets', [0.9]), 'pets')
    const changed = change(first.text)
    writeFileSync(first.path, changed)
    write(join(home, place, 'runs'), { name: 'pets', seed: 1, accuracy: 0.95 })
    const second = await writeDraft('pets', { runs: join(home, place, 'runs'), into: join(home, place) })
    return { first, changed, second, text: readFileSync(second.path, 'utf8') }
  }

  it('follows its runs and keeps the author’s words and front matter byte for byte', async () => {
    const words = 'I ask *why*,\r\n\tand {{ nothing }} `more`.\n'
    const { first, second, text } = await again('again', (before) =>
      before
        .replace(/(<!-- own: goals [^\n]*-->\n)\n/, `$1${words}`)
        .replace('Your name', 'Ada Lovelace')
        .replace('title: Pets', 'title: "On pets" # mine\npages: 6\ncolumns: 2'),
    )
    expect(second.path).toBe(first.path)
    expect(second.before).toBeUndefined()
    expect(text).toContain(`-->\n${words}<!-- /own -->`)
    expect(text).toContain('title: "On pets" # mine\npages: 6\ncolumns: 2')
    expect(text).toContain('Ada Lovelace')
    expect(first.text).not.toContain('seeds }} seeds')
    expect(text).toContain("{{ group('pets').test.accuracy.seeds }} seeds")
  })

  it('keeps a file whose generated part was changed by hand', async () => {
    const { changed, second, text } = await again('changed', (text) => text.replace('The loss is', 'Our loss is'))
    expect(second.before).toBe(join(home, 'changed', 'pets-report', 'report.before-1.md'))
    expect(readFileSync(second.before ?? '', 'utf8')).toBe(changed)
    expect(text).toContain('The loss is')
    writeFileSync(second.path, `${text}\nMore.\n`)
    const third = await writeDraft('pets', { runs: join(home, 'changed', 'runs'), into: join(home, 'changed') })
    expect(third.before).toMatch(/report\.before-2\.md$/)
  })

  it('adds works to the references that the author keeps', async () => {
    const { second } = await again('works', (text) =>
      text.replace(/ {2}- id: kingma2015[\s\S]*?(?=\n---\n)/, '  - id: mine\n    title: Mine'),
    )
    const { document } = await buildReport(second.path)
    expect(document.references?.map(({ id }) => id)).toEqual(['ioffe2015', 'mine', 'kingma2015'])
  })
})
