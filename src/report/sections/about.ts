import type { Manifest } from '../../runs/index.ts'
import type { RunReportContent } from '../content.ts'
import type { Block, Section } from '../document.ts'
import { duration, time, whole } from '../format.ts'
import { readable, shape, tableOf, words } from '../readable.ts'

/** Parts of the experiment that have a table of their own. */
const ELSEWHERE = new Set(['name', 'data', 'model'])
/** Digits of a hash that a reader compares. */
const HASH_DIGITS = 16

/** What went in: configuration, data, model, machine, and how to repeat it. */
export function aboutSections(content: RunReportContent): Section[] {
  const { manifest } = content
  return [
    { title: 'Configuration', blocks: configuration(manifest) },
    { title: 'Data', blocks: data(manifest) },
    { title: 'Model', blocks: model(manifest) },
    { title: 'Time and machine', blocks: machine(content) },
    { title: 'Repeat this run', blocks: repeat(content) },
  ]
}

function configuration({ experiment, seed, configHash }: Manifest): Block[] {
  const entries =
    typeof experiment === 'object' && experiment !== null && !Array.isArray(experiment)
      ? Object.entries(experiment).filter(([key]) => !ELSEWHERE.has(key))
      : [['experiment', experiment] as const]
  const facts = entries.map(([key, json]) => [words(key), readable(json)] as const)
  return [
    {
      kind: 'facts',
      caption: 'The experiment as it was run; data and model have their own tables below.',
      facts: [...facts, ['seed of this run', String(seed)], ['configuration hash', short(configHash)]],
    },
  ]
}

function data({ data: d }: Manifest): Block[] {
  const { train, validation, test } = d.splits
  return [
    {
      kind: 'facts',
      caption: 'Examples in each split, and fingerprints that change when a single value of the data does.',
      facts: [
        ['data set', d.name],
        ['examples', `${whole(train)} training, ${whole(validation)} validation, ${whole(test)} test`],
        ['input', `${shape(d.inputShape)}, ${d.inputDtype}`],
        ...(d.classes ? [['classes', `${d.classes.length}: ${d.classes.join(', ')}`] as const] : []),
        ['training fingerprint', short(d.fingerprint.train)],
        ['test fingerprint', short(d.fingerprint.test)],
      ],
    },
  ]
}

function model({ model: m }: Manifest): Block[] {
  const layers = tableOf(m.layers)
  return layers.rows.length === 0
    ? [{ kind: 'paragraph', text: `${m.name}: ${whole(m.parameters)} parameters.` }]
    : [{ kind: 'table', caption: `${m.name}: ${whole(m.parameters)} parameters.`, ...layers }]
}

function machine({ manifest: m, records }: RunReportContent): Block[] {
  const trained = records.reduce((latest, record) => Math.max(latest, record.time), 0)
  return [
    {
      kind: 'facts',
      caption: 'When and where.',
      facts: [
        ['begun', time(m.createdAt)],
        ...(m.finishedAt ? [['ended', time(m.finishedAt)] as const] : []),
        ...(trained > 0 ? [['time until the last metric', duration(trained)] as const] : []),
        ['processor', `${m.machine.cpu}, ${m.machine.cores} cores`],
        ['memory', `${m.machine.memoryGB} GiB`],
        ['system', `${m.machine.platform} ${m.machine.arch}`],
        ['versions', `Assay ${m.versions.assay}, Node ${m.versions.node}, ONNX Runtime ${m.versions.onnxruntime}`],
      ],
    },
  ]
}

function repeat({ manifest: { code, seed, overrides = [], lockFileHash, grid }, command }: RunReportContent): Block[] {
  const settings = overrides.filter(([path]) => path !== 'seeds')
  const options = settings.map(([path, value]) => ` --set ${quoted(`${path}=${JSON.stringify(value)}`)}`).join('')
  const line =
    command ??
    (code.file === undefined
      ? undefined
      : `npx assay run ${quoted(code.file)} --seed ${seed}${options}${grid === undefined ? '' : ' --fresh'}`)
  const facts: (readonly [string, string])[] = [
    ...(grid
      ? [
          [
            'cell of the grid, whose other cells the command trains too',
            Object.entries(grid.labels)
              .map((pair) => pair.join(': '))
              .join(', '),
          ] as const,
        ]
      : []),
    ['commit', code.commit ?? 'not in a git repository, or nothing committed yet'],
    ...(code.file ? [['experiment file', code.file] as const] : []),
    ...(code.fileHash ? [['hash of that file', short(code.fileHash)] as const] : []),
    ...(lockFileHash ? [['hash of the lock file', short(lockFileHash)] as const] : []),
  ]
  return [
    ...(line === undefined ? [] : [{ kind: 'code' as const, text: line }]),
    ...(code.dirty === undefined
      ? []
      : [
          {
            kind: 'notice' as const,
            tone: 'warning' as const,
            text: `The code had changes that commit ${code.commit?.slice(0, 7) ?? ''} lacks (hash ${short(code.dirty)}): the commit alone does not give this run.`,
          },
        ]),
    { kind: 'facts', caption: 'The code that made this run.', facts },
  ]
}

const short = (hash: string): string => hash.slice(0, HASH_DIGITS)

/** As a shell takes it in one piece. */
const quoted = (text: string): string => (/^[\w./:=,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
