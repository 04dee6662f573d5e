import { type Interval, methodText } from '../../metrics/uncertainty/index.ts'
import type { Manifest, Run } from '../../runs/index.ts'
import type { MeasuredScore } from '../evaluation/scores.ts'
import { isShare, percent, time, value, whole } from '../format.ts'
import { metricName, readable } from '../readable.ts'

export interface ReadModel {
  readonly name: string
  readonly folder: string
  readonly run: Run
  readonly because: string
  readonly scores: readonly MeasuredScore[]
  readonly hasWeights: boolean
  readonly hasOnnx: boolean
}

/** What a model is, how it was trained, what it scores, and how to run it: Markdown, from its run's manifest. */
export function modelReadme(model: ReadModel): string {
  const { name, run, because } = model
  const { manifest } = run
  const { data, grid, seed, code, machine, versions, overrides = [] } = manifest
  const cell = Object.entries(grid?.labels ?? {}).map(([axis, label]) => `${axis} ${label}`)
  return [
    `# ${name}`,
    `Run \`${run.id}\`, chosen ${because}.${cell.length > 0 ? ` Of the grid ${grid?.name} it is the cell of ${cell.join(', ')}.` : ''}`,
    '## Network',
    `${whole(manifest.model.parameters)} parameters. Input: ${data.inputShape.join('×')}${data.classes === undefined ? '' : `; output: a score (logit) for each of ${data.classes.length} classes (${data.classes.join(', ')})`}.`,
    layerTable(manifest.model.layers),
    '## Training',
    list([
      [
        'data',
        `${data.name}: ${whole(data.splits.train)} examples for training, ${whole(data.splits.validation)} for validation, ${whole(data.splits.test)} for testing (fingerprints ${data.fingerprint.train.slice(0, 12)}, ${data.fingerprint.test.slice(0, 12)})`,
      ],
      ...settings(manifest),
      ...overrides.map(([path, set]): Fact => [path, `${readable(set)} (set on the command line)`]),
      ['seed', String(seed)],
      [
        'code',
        `${code.file ?? 'no file'}${code.commit === undefined ? '' : `, commit ${code.commit.slice(0, 12)}${code.dirty === undefined ? '' : ' with changes'}`}`,
      ],
      [
        'when',
        `${time(manifest.createdAt)} on ${machine.cpu}, ${machine.cores} cores; Assay ${versions.assay}, Node ${versions.node}, ONNX Runtime ${versions.onnxruntime}`,
      ],
    ]),
    '## Scores',
    scoreTable(model.scores, data.splits.test),
    '## How to run it',
    howToRun(model),
    '',
  ].join('\n\n')
}

type Fact = readonly [string, string]
const list = (facts: readonly Fact[]): string => facts.map(([what, text]) => `- ${what}: ${text}`).join('\n')

/** Settings that every experiment has, of which the rest stands in the manifest. */
function settings({ experiment }: Manifest): Fact[] {
  if (typeof experiment !== 'object' || experiment === null || Array.isArray(experiment)) return []
  return ['loss', 'optimizer', 'schedule', 'batchSize', 'epochs', 'prepare', 'split', 'earlyStopping'].flatMap(
    (key): Fact[] => {
      const setting = experiment[key]
      return setting === undefined || setting === null ? [] : [[key, readable(setting)]]
    },
  )
}

const cellText = (text: unknown): string =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
const row = (cells: readonly unknown[]): string => `| ${cells.map(cellText).join(' | ')} |`

function layerTable(layers: Manifest['model']['layers']): string {
  const columns = [...new Set(layers.flatMap((layer) => Object.keys(layer)))]
  if (columns.length === 0) return 'The manifest lists no layers.'
  return [
    row(columns),
    row(columns.map(() => '---')),
    ...layers.map((layer) => row(columns.map((column) => layer[column]))),
  ].join('\n')
}

function scoreTable(scores: readonly MeasuredScore[], examples: number): string {
  if (scores.length === 0) return 'There are none: the test predictions cannot be read.'
  const rows = scores.map(({ name, value: measured, interval }) => {
    const text = (number: number): string => (isShare(name) ? percent(number) : value(number))
    const bounds = 'reason' in interval ? `none: ${interval.reason}` : `${text(interval.low)} to ${text(interval.high)}`
    return row([
      metricName(name),
      text(measured),
      bounds,
      'reason' in interval ? '' : methodText(interval satisfies Interval),
    ])
  })
  return [
    `Over the whole test split (${whole(examples)} examples). The intervals cover the choice of test examples, not the seed.`,
    '',
    row(['score', 'value', '95% interval', 'by']),
    row(['---', '---', '---', '---']),
    ...rows,
  ].join('\n')
}

/** Data sets that `assay test-model` knows by name. */
const NAMED = ['mnist', 'fashion-mnist', 'cifar10']

function howToRun({ folder, run, hasWeights, hasOnnx }: ReadModel): string {
  const { code, data, grid } = run.manifest
  const parts: string[] = ['In the folder `code/`, after `npm install` there (data sets are not in the bundle):']
  const files = data.inputShape.length === 3 ? 'photos/' : 'new.csv'
  if (hasWeights && code.file !== undefined)
    parts.push(
      sh([
        ['test it, and compare with the stored predictions', `npx assay test-model ../models/${folder}`],
        ['predict new files', `npx assay test-model ../models/${folder} --data ${files} --out predictions.csv`],
        grid === undefined
          ? ['train it again', `npx assay run ${code.file} --seed ${run.manifest.seed}`]
          : [`train all of the grid ${grid.name} again`, `npx assay run ${code.file}`],
      ]),
    )
  if (hasOnnx)
    parts.push(
      `\`model.onnx\` needs no code, and takes ${data.inputDtype} [n, ${data.inputShape.join(', ')}]:`,
      sh([
        [
          'any ONNX runtime takes it; this one too',
          `npx assay test-model ../models/${folder}/model.onnx --data ${NAMED.includes(data.name) ? data.name : files}`,
        ],
      ]),
    )
  if (hasWeights && code.file !== undefined)
    parts.push('The weights in TypeScript:', loading(folder, code.file, grid?.labels))
  if (hasWeights)
    parts.push(
      'And in Python, for a `torch.nn` module with the same names:',
      '```python\nfrom safetensors.torch import load_file\nmodel.load_state_dict(load_file("weights.safetensors"))\n```',
    )
  return parts.join('\n\n')
}

const sh = (lines: readonly (readonly [string, string])[]): string =>
  ['```sh', ...lines.map(([what, command]) => `${command}    # ${what}`), '```'].join('\n')

function loading(folder: string, file: string, labels: Readonly<Record<string, string>> | undefined): string {
  const wanted = Object.entries(labels ?? {}).map(
    ([axis, label]) => `labels[${JSON.stringify(axis)}] === ${JSON.stringify(label)}`,
  )
  const isCell = labels !== undefined
  return [
    '```ts',
    "import { openRun } from 'assay/runs'",
    "import { loadNetwork } from 'assay/runs/test-model'",
    `import ${isCell ? 'grid' : 'experiment'} from './${file}'`,
    '',
    ...(isCell
      ? [
          `const cell = grid.cells.find(({ labels }) => ${wanted.join(' && ')})`,
          "if (cell === undefined) throw new Error('the grid has no such cell any more')",
        ]
      : []),
    `const run = await openRun('..', '../models/${folder}')`,
    `const { network, variables } = await loadNetwork(run, ${isCell ? 'cell.experiment' : 'experiment'})`,
    '```',
  ].join('\n')
}
