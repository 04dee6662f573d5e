import { UsageError } from '../../errors.ts'
import type { Manifest, Run } from '../../runs/index.ts'
import { settingText } from '../../runs/index.ts'
import type { Json } from '../../train/index.ts'
import { readable } from '../readable.ts'
import { type Members, plain, type ThingReferent } from './referent.ts'
import { settingOf } from './selection.ts'
import { numberValue, textValue, type Unit, type Value } from './value.ts'

/** A fact of a manifest. */
type Fact = string | number | undefined

/**
 * What manifests say of how runs were made: settings, network, data, machine. Of several runs what all have in common; where they differ that
 * is an error that names the values.
 */
export function factMembers(runs: readonly Run[], name: string): Members {
  const manifests = runs.map(({ manifest }) => manifest)
  const fact =
    (what: string, of: (manifest: Manifest) => Fact, unit: Unit = 'number') =>
    (): ThingReferent =>
      plain(`${name}.${what}`, () => common(runs, name, what, of, unit))
  const setting = (what: string, path = what) =>
    fact(what, ({ experiment }) => factOf(settingOf(experiment, path)), unitOfSetting(path))
  const thing = (what: string, members: Members): (() => ThingReferent) => {
    return () => ({ kind: 'thing', name: `${name}.${what}`, members })
  }
  return {
    name: fact('name', (one) => one.name),
    model: fact('model', modelName),
    parameters: fact('parameters', ({ model }) => model.parameters, 'count'),
    layers: fact('layers', ({ model }) => model.layers.length, 'count'),
    optimizer: () =>
      plain(
        `${name}.optimizer`,
        () => common(runs, name, 'optimizer', ({ experiment }) => kindOf(settingOf(experiment, 'optimizer')), 'number'),
        {
          settings: fact('optimizer.settings', ({ experiment }) =>
            readable(settingOf(experiment, 'optimizer') ?? null),
          ),
        },
      ),
    lr: setting('lr', 'optimizer.lr'),
    momentum: setting('momentum', 'optimizer.momentum'),
    weightDecay: setting('weightDecay', 'optimizer.weightDecay'),
    schedule: fact('schedule', ({ experiment }) => kindOf(settingOf(experiment, 'schedule'))),
    loss: fact('loss', ({ experiment }) => kindOf(settingOf(experiment, 'loss'))),
    epochs: setting('epochs'),
    batchSize: setting('batchSize'),
    settings: thing('settings', settingMembers(runs, name)),
    data: thing('data', {
      name: fact('data.name', ({ data }) => data.name),
      train: fact('data.train', ({ data }) => data.splits.train, 'count'),
      validation: fact('data.validation', ({ data }) => data.splits.validation, 'count'),
      test: fact('data.test', ({ data }) => data.splits.test, 'count'),
      classes: fact('data.classes', ({ data }) => data.classes?.length, 'count'),
      shape: fact('data.shape', ({ data }) => data.inputShape.join(' × ')),
      fingerprint: fact('data.fingerprint', ({ data }) => data.fingerprint.train.slice(0, 16)),
    }),
    machine: thing('machine', {
      cpu: fact('machine.cpu', ({ machine }) => machine.cpu),
      cores: fact('machine.cores', ({ machine }) => machine.cores, 'count'),
      memory: fact('machine.memory', ({ machine }) => `${machine.memoryGB} GiB`),
      system: fact('machine.system', ({ machine }) => `${machine.platform} ${machine.arch}`),
    }),
    versions: thing('versions', {
      assay: fact('versions.assay', ({ versions }) => versions.assay),
      node: fact('versions.node', ({ versions }) => versions.node),
      onnxruntime: fact('versions.onnxruntime', ({ versions }) => versions.onnxruntime),
    }),
    commit: fact('commit', ({ code }) => code.commit?.slice(0, 7)),
    file: fact('file', ({ code }) => code.file),
    ...(manifests.every(({ grid }) => grid !== undefined) && {
      grid: fact('grid', ({ grid }) => grid?.name),
      cell: fact('cell', cellOf),
    }),
  }
}

/** What a run is in its grid, whatever it is chosen from: `resNet18 (learning rate 0.01)`. */
function cellOf({ name, grid }: Manifest): string {
  const { experiment = name, ...axes } = grid?.labels ?? {}
  const others = Object.entries(axes).map(([axis, value]) => `${axis} ${value}`)
  return others.length === 0 ? experiment : `${experiment} (${others.join(', ')})`
}

/** A network of no name of its own is called as its experiment. */
export const modelName = ({ model, name }: Manifest): string =>
  model.name === 'Sequential' || model.name === '' ? name : model.name

function common(runs: readonly Run[], name: string, what: string, of: (manifest: Manifest) => Fact, unit: Unit): Value {
  const found = [...new Set(runs.map(({ manifest }) => of(manifest)))]
  const [value] = found
  if (found.length > 1)
    throw new UsageError(
      `the runs of ${name} differ in ${what}: ${found.map((one) => one ?? 'none').join(', ')}; choose one of them`,
    )
  if (value === undefined) throw new UsageError(`${name} has no ${what}`)
  const origin = { source: `${idsOf(runs)}: ${what}`, runs: runs.map(({ id }) => id) }
  return typeof value === 'number' ? numberValue(value, unit, origin) : textValue(value, origin)
}

/** Ids as a source names them. */
export const idsOf = (runs: readonly Run[]): string =>
  runs.length > 3
    ? `${runs
        .slice(0, 3)
        .map(({ id }) => id)
        .join(', ')} and ${runs.length - 3} more`
    : runs.map(({ id }) => id).join(', ')

const kindOf = (json: Json | undefined): Fact =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && typeof json.kind === 'string'
    ? json.kind
    : factOf(json)

const factOf = (json: Json | undefined): Fact =>
  json === undefined ? undefined : typeof json === 'number' ? json : settingText(json)

/** Settings are as they were set: `0.001`, not `1.000e-3`. */
const unitOfSetting = (path: string): Unit => (/epochs|batchSize/.test(path) ? 'count' : 'setting')

/** Every setting of the experiment by its path. */
function settingMembers(runs: readonly Run[], name: string): Members {
  const paths = new Set(runs.flatMap(({ manifest }) => pathsOf(manifest.experiment)))
  return Object.fromEntries(
    [...paths].map((path) => [
      path,
      () =>
        plain(`${name}.settings['${path}']`, () =>
          common(runs, name, path, ({ experiment }) => factOf(settingOf(experiment, path)), unitOfSetting(path)),
        ),
    ]),
  )
}

function pathsOf(json: Json | undefined, path = ''): string[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return path === '' ? [] : [path]
  return Object.entries(json)
    .filter(([name]) => path !== '' || name !== 'model')
    .flatMap(([name, inner]) => pathsOf(inner, path === '' ? name : `${path}.${name}`))
}
