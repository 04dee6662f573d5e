import { type Facts, factsOf, type Part, type Passage, type Role, sentencesOf } from '../audit/index.ts'
import type { Manuscript } from '../audit/manuscript/manuscript.ts'
import { groupRuns, type Manifest, type Summary } from '../runs/index.ts'
import { finishedManifest } from './runFolder.ts'

/** A run for audits: its name, accuracies of the test split by seed, and what else is of note. */
export interface AuditedExperiment {
  readonly name: string
  /** One a seed. */
  readonly accuracy: readonly number[]
  readonly loss?: number
  readonly parameters?: number
  readonly lr?: number
  readonly optimizer?: string
  /** Of the best epoch, where that is not the last. */
  readonly best?: number
  readonly manifest?: Partial<Manifest>
}

/** Facts of experiments that never ran. */
export function factsWith(experiments: readonly AuditedExperiment[]): Facts {
  const summaries = new Map<string, Summary>()
  const runs = experiments.flatMap(({ name, accuracy, loss = 0.1, parameters = 461, lr = 0.001, ...rest }) =>
    accuracy.map((value, seed) => {
      const own = `${name.toLowerCase()}-s${seed}`
      const id = summaries.has(own) ? `${own}-${summaries.size}` : own
      const at = { bestEpoch: 5, lastEpoch: 5 }
      const best = rest.best === undefined ? {} : { best: rest.best, bestEpoch: 3 }
      const scores = (share: number): Summary[string] => ({
        accuracy: { goal: 'max', best: share, last: share, ...at, ...best },
        loss: { goal: 'min', best: loss, last: loss, ...at },
      })
      summaries.set(id, { train: scores(value + 0.001), validation: scores(value - 0.002), test: scores(value) })
      const manifest = finishedManifest(id, {
        ...{ name, seed, model: { name: 'Sequential', parameters, layers: [] } },
        experiment: {
          ...{ name, epochs: 5, batchSize: 64 },
          data: { kind: 'mnist' },
          model: { kind: 'Sequential', children: { 0: { kind: 'Linear' }, 1: { kind: 'ReLU' } } },
          loss: { kind: 'crossEntropy' },
          optimizer: { kind: rest.optimizer ?? 'adam', lr },
        },
        data: {
          name: 'mnist',
          fingerprint: { train: 'a1', test: 'b2' },
          splits: { train: 50_000, validation: 10_000, test: 10_000 },
          classes: Array.from({ length: 10 }, (_, i) => String(i)),
          inputShape: [1, 28, 28],
          inputDtype: 'uint8',
        },
        ...rest.manifest,
      })
      return { id, folder: `/runs/${id}`, manifest }
    }),
  )
  return factsOf(groupRuns(runs), (id) => summaries.get(id) ?? {})
}

/** A section of one paragraph. */
export const passageOf = (parts: readonly Part[], role: Role = 'results', section = 'Results'): Passage => ({
  ...{ id: 'passage', section, role, isGenerated: false },
  sentences: sentencesOf(parts),
})

/** A write-up of passages. */
export const manuscriptWith = (
  facts: Facts,
  passages: readonly Passage[],
  changes: Partial<Manuscript> = {},
): Manuscript => ({
  ...{ isDraft: true, passages, labelled: [], own: [], facts, shown: [] },
  mentions: new Set<string>(),
  ...changes,
})
