import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { foldIn, type Key, key, permutation } from '../../random/index.ts'
import { createDataset, type DataSource, type Dataset, inMemory } from '../dataset.ts'
import { gather } from '../gather.ts'
import { takeRows } from '../table/column.ts'

const count = z.int().min(1)
const schema = z.strictObject({ train: count.optional(), test: count.optional(), seed: z.int().nonnegative() })

export interface SubsetOptions {
  /** Training samples; default all. */
  readonly train?: number
  /** Test samples; default all. Scores of fewer are less sure. */
  readonly test?: number
  /** Other seeds draw other samples; default 0. It does not follow the experiment's seeds: they share one subset. */
  readonly seed?: number
}

/**
 * Some of another source's samples, drawn by chance and left in their order: for a search, or for trying things out. How many of each class there
 * are is left to chance.
 *
 * @throws UsageError for an option out of range; at loading, where there are fewer samples, or they are not in memory
 *
 * @example
 * const { train, test } = await subset(mnist(), { train: 5_000 }).load() // 5,000 and 10,000 images
 */
export function subset(source: DataSource, options: SubsetOptions = {}): DataSource {
  const { train, test, seed } = parsed({ seed: 0, ...options })
  const root = foldIn(key(seed), 'subset')
  return {
    kind: 'subset',
    config: {
      source: { kind: source.kind, ...source.config },
      ...(train !== undefined && { train }),
      ...(test !== undefined && { test }),
      seed,
    },
    load: async (hooks) => {
      const splits = await source.load(hooks)
      return {
        ...splits,
        train: some(splits.train, 'train', train, root),
        test: some(splits.test, 'test', test, root),
      }
    },
  }
}

function parsed(options: unknown): z.infer<typeof schema> {
  const { success, data, error } = schema.safeParse(options)
  if (success) return data
  const [issue] = error.issues
  throw new UsageError(
    `subset: ${issue?.path.join('.') || 'the options'}: ${issue?.message}; give { train: a count, test: a count, seed: a whole number }`,
  )
}

function some(dataset: Dataset, split: 'train' | 'test', wanted: number | undefined, root: Key): Dataset {
  if (wanted === undefined || wanted === dataset.length) return dataset
  if (wanted > dataset.length)
    throw new UsageError(
      `subset: ${split} is ${wanted}, and ${dataset.name} has ${dataset.length} such samples: give fewer`,
    )
  const { name, inputs, targets, columns, encoding, rows } = inMemory(dataset)
  const chosen = permutation(foldIn(root, split), dataset.length).subarray(0, wanted).sort()
  const taken = gather(inMemory(dataset), chosen)
  return createDataset({
    name,
    inputs: { data: taken.inputs, shape: inputs.shape },
    targets:
      targets.task === 'classification'
        ? { ...targets, labels: Int32Array.from(taken.targets) }
        : { ...targets, values: Float32Array.from(taken.targets) },
    ...(columns && { columns: columns.map((one) => takeRows(one, chosen)) }),
    ...(encoding && { encoding }),
    ...(rows && { rows: chosen.map((sample) => rows[sample] ?? 0) }),
  })
}
