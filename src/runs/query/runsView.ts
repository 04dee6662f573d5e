import { groupIdOf } from '../groups.ts'
import { macsOf } from '../macs.ts'
import type { Manifest } from '../manifest.ts'
import type { Run } from '../read.ts'
import { type Column, type JsonRow, replaceByTable, type StoredView } from './view.ts'

type Json = Manifest['experiment']

/** What a description says at a path. */
function at(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found = json
  for (const name of path) {
    if (found === null || typeof found !== 'object' || Array.isArray(found)) return undefined
    found = found[name]
  }
  return found
}

const numberAt = (json: Json, ...path: readonly string[]): number | undefined => {
  const found = at(json, ...path)
  return typeof found === 'number' ? found : undefined
}

const textAt = (json: Json, ...path: readonly string[]): string | undefined => {
  const found = at(json, ...path)
  return typeof found === 'string' ? found : undefined
}

const secondsOf = ({ createdAt, finishedAt }: Manifest): number | undefined =>
  finishedAt === undefined ? undefined : (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000

/** A column, and what of a run it holds; an undefined value is NULL. */
export interface RunColumn extends Column {
  of(run: Run, manifest: Manifest): unknown
}

export const runColumns: readonly RunColumn[] = [
  { name: 'id', type: 'VARCHAR', meaning: 'name of the run’s folder; `run` in the other views', of: ({ id }) => id },
  { name: 'name', type: 'VARCHAR', meaning: 'the experiment’s name', of: (_, m) => m.name },
  {
    name: 'status',
    type: 'VARCHAR',
    meaning: '`running`, `finished`, `interrupted` or `failed`',
    of: (_, m) => m.status,
  },
  { name: 'seed', type: 'BIGINT', meaning: 'seed of all chance in the run', of: (_, m) => m.seed },
  {
    name: 'group_id',
    type: 'VARCHAR',
    meaning: 'the same for runs that differ in nothing but their seeds',
    of: groupIdOf,
  },
  { name: 'created', type: 'TIMESTAMP', meaning: 'when it began, UTC', of: (_, m) => m.createdAt },
  { name: 'finished', type: 'TIMESTAMP', meaning: 'when it ended, however it ended, UTC', of: (_, m) => m.finishedAt },
  {
    name: 'seconds',
    type: 'DOUBLE',
    meaning: 'from `created` to `finished`, pauses of a resumed run included',
    of: (_, m) => secondsOf(m),
  },
  { name: 'epochs', type: 'BIGINT', meaning: 'epochs that were asked for', of: (_, m) => at(m.experiment, 'epochs') },
  {
    name: 'batch_size',
    type: 'BIGINT',
    meaning: 'samples in a batch',
    of: (_, m) => numberAt(m.experiment, 'batchSize'),
  },
  {
    name: 'lr',
    type: 'DOUBLE',
    meaning: 'learning rate of the optimizer, before any schedule',
    of: (_, m) => numberAt(m.experiment, 'optimizer', 'lr'),
  },
  {
    name: 'optimizer',
    type: 'VARCHAR',
    meaning: '`adam`, `sgd`, …',
    of: (_, m) => textAt(m.experiment, 'optimizer', 'kind'),
  },
  {
    name: 'schedule',
    type: 'VARCHAR',
    meaning: 'how the learning rate changes: `constant`, `cosine`, …',
    of: (_, m) => textAt(m.experiment, 'schedule', 'kind'),
  },
  {
    name: 'loss_function',
    type: 'VARCHAR',
    meaning: '`crossEntropy`, `mse`, …',
    of: (_, m) => textAt(m.experiment, 'loss', 'kind'),
  },
  { name: 'model', type: 'VARCHAR', meaning: 'kind of the outermost layer', of: (_, m) => m.model.name },
  { name: 'parameters', type: 'BIGINT', meaning: 'trained numbers of the network', of: (_, m) => m.model.parameters },
  {
    name: 'macs',
    type: 'BIGINT',
    meaning: 'multiplications with addition for one sample, forward',
    of: (_, m) => macsOf(m),
  },
  { name: 'data', type: 'VARCHAR', meaning: 'name of the data set', of: (_, m) => m.data.name },
  { name: 'train_size', type: 'BIGINT', meaning: 'samples trained on', of: (_, m) => m.data.splits.train },
  {
    name: 'validation_size',
    type: 'BIGINT',
    meaning: 'samples validated on',
    of: (_, m) => m.data.splits.validation,
  },
  { name: 'test_size', type: 'BIGINT', meaning: 'samples tested on', of: (_, m) => m.data.splits.test },
  { name: 'left_out', type: 'BIGINT', meaning: 'rows or files that were dropped', of: (_, m) => m.data.leftOut ?? 0 },
  {
    name: 'classes',
    type: 'VARCHAR[]',
    meaning: 'names of the classes; `classes[label + 1]` names a label',
    of: (_, m) => m.data.classes,
  },
  {
    name: 'grid',
    type: 'VARCHAR',
    meaning: 'name of the grid that it belongs to; NULL outside of one',
    of: (_, m) => m.grid?.name,
  },
  {
    name: 'labels',
    type: 'JSON',
    meaning: "its place in the grid by axis: `labels->>'lr'`",
    of: (_, m) => m.grid?.labels,
  },
  {
    name: 'overrides',
    type: 'JSON',
    meaning: 'what `--set` changed: a list of path and value',
    of: (_, m) => m.overrides,
  },
  { name: 'file', type: 'VARCHAR', meaning: 'the experiment’s file', of: (_, m) => m.code.file },
  { name: 'commit', type: 'VARCHAR', meaning: 'git commit that was checked out', of: (_, m) => m.code.commit },
  {
    name: 'uncommitted',
    type: 'BOOLEAN',
    meaning: 'whether there were changes that the commit lacks; NULL outside of git',
    of: (_, m) => (m.code.commit === undefined ? undefined : m.code.dirty !== undefined),
  },
  {
    name: 'diverged',
    type: 'BOOLEAN',
    meaning: 'whether numbers stopped being finite',
    of: (_, m) => m.diverged === true,
  },
  { name: 'error', type: 'VARCHAR', meaning: 'what went wrong, of a failed run', of: (_, m) => m.error },
  { name: 'cpu', type: 'VARCHAR', meaning: 'the machine’s processor', of: (_, m) => m.machine.cpu },
  { name: 'cores', type: 'BIGINT', meaning: 'its cores', of: (_, m) => m.machine.cores },
  { name: 'memory_gb', type: 'DOUBLE', meaning: 'its memory in GB', of: (_, m) => m.machine.memoryGB },
  {
    name: 'platform',
    type: 'VARCHAR',
    meaning: 'operating system and architecture: `linux x64`',
    of: (_, m) => `${m.machine.platform} ${m.machine.arch}`,
  },
  { name: 'assay', type: 'VARCHAR', meaning: 'version of Assay', of: (_, m) => m.versions.assay },
  { name: 'node', type: 'VARCHAR', meaning: 'version of Node', of: (_, m) => m.versions.node },
  { name: 'onnxruntime', type: 'VARCHAR', meaning: 'version of ONNX Runtime', of: (_, m) => m.versions.onnxruntime },
  { name: 'folder', type: 'VARCHAR', meaning: 'where the run is', of: ({ folder }) => folder },
  {
    name: 'config_hash',
    type: 'VARCHAR',
    meaning: 'the same for runs of one experiment and seed',
    of: (_, m) => m.configHash,
  },
  {
    name: 'experiment',
    type: 'JSON',
    meaning: "every setting: `experiment->>'$.optimizer.weightDecay'`",
    of: (_, m) => m.experiment,
  },
]

/** What a run holds by the names of columns. */
export const runRow = (run: Run, columns: readonly RunColumn[] = runColumns): JsonRow =>
  Object.fromEntries(columns.map(({ name, of }) => [name, of(run, run.manifest)]))

/** What made each run, from its manifest. */
export const runsView: StoredView = {
  name: 'runs',
  meaning: 'one row a run: what made it',
  columns: runColumns,
  fill: ({ connection, runs }, needed) => {
    const columns = runColumns.filter(({ name }) => needed === undefined || needed.includes(name))
    const rows = runs.map((run) => runRow(run, columns))
    return replaceByTable(connection, runsView, rows)
  },
}
