import { type Distinction, distinctions, type Manifest } from '../runs/index.ts'
import type { Json } from '../train/index.ts'
import type { ComparedGroup } from './sources.ts'

/** In what groups differ and what they share. */
export interface SettingsComparison {
  /** A setting of the experiments, the data, the code or the machine; values in the order of the groups. */
  readonly differing: readonly Distinction[]
  /** What is the same in all groups, as a sentence. */
  readonly same: string
}

export function compareSettings(groups: readonly ComparedGroup[]): SettingsComparison {
  const descriptions = groups.map(settingsOf)
  const differing = distinctions(descriptions)
  const changed = new Set(differing.map(({ path }) => path.split('.')[0]))
  const shared = Object.entries(descriptions[0] ?? {}).flatMap(([name, value]) =>
    changed.has(name) || name === 'data' || value === 'unknown' ? [] : [name],
  )
  return { differing, same: sentence(shared, groups) }
}

/** What a run was made of, seeds and names left out: those differ by their nature. */
function settingsOf({ group, runs }: ComparedGroup): { [name: string]: Json } {
  const { experiment } = group
  const of = (what: (manifest: Manifest) => string | number | undefined): string =>
    [...new Set(runs.map(({ run }) => what(run.manifest) ?? 'unknown'))].join(', ')
  const { name: _, ...settings } =
    typeof experiment === 'object' && experiment !== null && !Array.isArray(experiment) ? experiment : { experiment }
  return {
    ...settings,
    'training data': of(
      ({ data }) => `${data.name} ${data.fingerprint.train.slice(0, 8)}, ${data.splits.train} samples`,
    ),
    'test data': of(({ data }) => `${data.name} ${data.fingerprint.test.slice(0, 8)}, ${data.splits.test} samples`),
    code: of(({ code }) =>
      code.commit === undefined ? undefined : `${code.commit.slice(0, 8)}${code.dirty ? '+' : ''}`,
    ),
    'assay version': of(({ versions }) => versions.assay),
    'ONNX Runtime': of(({ versions }) => versions.onnxruntime),
    machine: of(({ machine }) => `${machine.cpu}, ${machine.cores} cores`),
    threads: of(({ machine }) => machine.threads ?? 'not set'),
  }
}

function sentence(shared: readonly string[], groups: readonly ComparedGroup[]): string {
  const data = groups[0]?.runs[0]?.run.manifest.data
  if (groups.length < 2 || data === undefined) return ''
  if (shared.length === 0) return 'Nothing is the same in all groups.'
  const names = shared.map((name) => {
    if (name === 'training data') return `training data (${data.splits.train.toLocaleString('en')} samples)`
    if (name === 'test data') return `test data (${data.splits.test.toLocaleString('en')} samples)`
    return name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  })
  const last = names.at(-1) ?? ''
  return `The same in all: ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`}.`
}
