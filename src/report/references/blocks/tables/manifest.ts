import { UsageError } from '../../../../errors.ts'
import type { Manifest, Run, RunGroup } from '../../../../runs/index.ts'
import { writing } from '../../../comparison/writing.ts'
import type { Block } from '../../../document.ts'
import { time, value, whole } from '../../../format.ts'
import { metricName, readable, shape, tableOf, words } from '../../../readable.ts'
import { modelName } from '../../facts.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

const runsOf = (groups: readonly RunGroup[]): Run[] => groups.flatMap(({ runs }) => runs)

/** What several manifests say of one thing, each answer once. */
const said = (runs: readonly Run[], of: (manifest: Manifest) => string | undefined): string =>
  [...new Set(runs.flatMap(({ manifest }) => of(manifest) ?? []))].join(', ')

/** Facts of which something is said. */
const facts = (caption: string, all: readonly (readonly [string, string])[]): Block => ({
  kind: 'facts',
  caption,
  facts: all.filter(([, text]) => text !== ''),
})

/** The layers of one network: the model of a run, or of runs that share it. */
export const layers: TableMaker<RunsSubject> = async ({ groups }) => {
  const models = new Map(runsOf(groups).map(({ manifest }) => [JSON.stringify(manifest.model.layers), manifest]))
  const [manifest, ...more] = models.values()
  if (manifest === undefined || more.length > 0)
    throw new UsageError(`an architecture is of one network, and these runs have ${models.size}: choose one`)
  const { columns, rows } = tableOf(manifest.model.layers)
  const at = columns.findIndex(({ title }) => title === 'layer')
  // How weights were drawn is a setting of the experiment, and would hide the layer.
  const short = rows.map((row) =>
    row.map((cell, c) => (c === at ? cell.replace(/,? ?init \w+(\([^()]*\))?/, '').replace('()', '') : cell)),
  )
  return [
    {
      kind: 'table',
      caption: `The layers of ${modelName(manifest)}: ${whole(manifest.model.parameters)} parameters.`,
      columns,
      rows: short,
    },
  ]
}

/** Parts of an experiment that have tables of their own. */
const ELSEWHERE = new Set(['name', 'data', 'model', 'seeds'])

/** How runs were trained: each setting with the values that it had. */
export const hyperparameters: TableMaker<RunsSubject> = async ({ groups }) => {
  const runs = runsOf(groups)
  const names = [
    ...new Set(
      runs.flatMap(({ manifest: { experiment } }) =>
        typeof experiment === 'object' && experiment !== null && !Array.isArray(experiment)
          ? Object.keys(experiment)
          : [],
      ),
    ),
  ].filter((name) => !ELSEWHERE.has(name))
  return [
    facts(
      `Settings of ${runs.length === 1 ? 'the run' : `the ${runs.length} runs`}; where they differ, each value once.`,
      [
        [
          'network',
          said(runs, (manifest) => `${modelName(manifest)} (${whole(manifest.model.parameters)} parameters)`),
        ],
        ...names.map((name): [string, string] => [
          words(name),
          said(runs, ({ experiment }) =>
            typeof experiment === 'object' &&
            experiment !== null &&
            !Array.isArray(experiment) &&
            experiment[name] !== undefined
              ? readable(experiment[name])
              : undefined,
          ),
        ]),
        ['seeds', said(runs, ({ seed }) => String(seed))],
      ],
    ),
  ]
}

/** Where the examples went. */
export const data: TableMaker<RunsSubject> = async ({ groups }) => {
  const runs = runsOf(groups)
  return [
    facts('The data: examples in each split.', [
      ['data set', said(runs, (one) => one.data.name)],
      ['training examples', said(runs, (one) => whole(one.data.splits.train))],
      ['validation examples', said(runs, (one) => whole(one.data.splits.validation))],
      ['test examples', said(runs, (one) => whole(one.data.splits.test))],
      ['input', said(runs, (one) => `${shape(one.data.inputShape)}, ${one.data.inputDtype}`)],
      [
        'classes',
        said(runs, (one) =>
          one.data.classes === undefined ? undefined : `${one.data.classes.length}: ${one.data.classes.join(', ')}`,
        ),
      ],
      ['left out', said(runs, (one) => (one.data.leftOut === undefined ? undefined : whole(one.data.leftOut)))],
    ]),
  ]
}

/** Digits of a hash that a reader compares. */
const HASH_DIGITS = 16
const short = (hash: string | undefined): string | undefined => hash?.slice(0, HASH_DIGITS)

/** What it takes to make these runs again. */
export const reproducibility: TableMaker<RunsSubject> = async ({ groups }) => {
  const runs = runsOf(groups)
  const states = new Map<string, number>()
  for (const { manifest } of runs) {
    const state = manifest.diverged === true ? 'diverged' : manifest.status
    states.set(state, (states.get(state) ?? 0) + 1)
  }
  const created = runs.map(({ manifest }) => manifest.createdAt).sort()
  return [
    facts('What it takes to make these runs again.', [
      ['runs', `${whole(runs.length)} (${[...states].map(([state, count]) => `${count} ${state}`).join(', ')})`],
      ['seeds', said(runs, ({ seed }) => String(seed))],
      [
        'begun',
        [...new Set([created[0], created.at(-1)])]
          .flatMap((iso) => (iso === undefined ? [] : [time(iso)]))
          .join(' to '),
      ],
      ['experiment file', said(runs, ({ code }) => code.file)],
      ['hash of that file', said(runs, ({ code }) => short(code.fileHash))],
      ['commit', said(runs, ({ code }) => code.commit)],
      ['changes beyond the commit', said(runs, ({ code }) => short(code.dirty))],
      ['hash of the lock file', said(runs, (one) => short(one.lockFileHash))],
      ['training data', said(runs, (one) => short(one.data.fingerprint.train))],
      ['test data', said(runs, (one) => short(one.data.fingerprint.test))],
      ['versions', said(runs, ({ versions: v }) => `Assay ${v.assay}, Node ${v.node}, ONNX Runtime ${v.onnxruntime}`)],
      [
        'machine',
        said(runs, ({ machine: m }) => `${m.cpu}, ${m.cores} cores, ${m.memoryGB} GiB, ${m.platform} ${m.arch}`),
      ],
    ]),
  ]
}

/** Every run with its seed and what became of it. */
export const runs: TableMaker<RunsSubject> = async ({ groups }) => [
  {
    kind: 'table',
    caption: 'The runs.',
    columns: [
      { title: 'run', kind: 'word' },
      { title: 'group' },
      { title: 'seed', kind: 'number' },
      { title: 'status' },
    ],
    rows: groups.flatMap(({ label, runs: own }) =>
      own.map(({ id, manifest }) => [
        id,
        label,
        String(manifest.seed),
        manifest.diverged === true ? 'diverged' : manifest.status,
      ]),
    ),
  },
]

/** Last and best value of each metric of one run: the best epoch flatters a model. */
export const training: TableMaker<RunsSubject> = async ({ groups }, _, records) => {
  const [run, ...more] = runsOf(groups)
  if (run === undefined || more.length > 0)
    throw new UsageError(`this table is of one run, and these are ${more.length + 1}: choose one`)
  const summary = await records.summary(run)
  const format = writing()
  const number = (title: string) => ({ title, kind: 'number' as const })
  return [
    {
      kind: 'table',
      caption:
        'Last and best value of each metric. The best epoch flatters a model: what was tested is told by the last.',
      columns: [{ title: 'metric' }, number('last'), number('at epoch'), number('best'), number('at epoch')],
      rows: Object.entries(summary).flatMap(([split, metrics]) =>
        Object.entries(metrics).map(([name, m]) => [
          `${split} ${metricName(name)}`,
          format.value(name, m.last),
          value(m.lastEpoch),
          format.value(name, m.best),
          value(m.bestEpoch),
        ]),
      ),
    },
  ]
}
