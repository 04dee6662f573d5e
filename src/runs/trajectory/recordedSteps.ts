import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Run } from '../read.ts'
import { STEPS_FILE, TRAJECTORY } from './files.ts'
import { readTable } from './npyTable.ts'
import { UPDATE_RATIO } from './recorder.ts'

/** What a run has measured of its steps, a number a step; NaN where there is none. */
export interface RecordedSteps {
  readonly step: Float64Array
  /** Epochs done with the step, a fraction. */
  readonly epoch: Float64Array
  readonly loss: Float64Array
  /** Length of the loss's gradient, before penalties and clipping. */
  readonly gradientNorm: Float64Array
  /** Between the gradient and that of the step before. */
  readonly gradientCosine: Float64Array
  /** ‖change‖ / ‖weights before‖, by parameter. */
  readonly updateRatios: ReadonlyMap<string, Float64Array>
}

/**
 * The measures of a run whose experiment has `record: { steps }`; undefined where it has not. While the run is written, up to its last
 * checkpoint.
 *
 * @throws UsageError where the table is damaged
 * @example
 * const steps = recordedSteps(await openRun('runs', 'latest'))
 * steps?.gradientNorm.at(-1)
 */
export function recordedSteps({ folder }: Pick<Run, 'folder'>): RecordedSteps | undefined {
  const path = join(folder, TRAJECTORY, STEPS_FILE)
  const table = readTable(path)
  if (table === undefined) return undefined
  const column = (name: string): Float64Array => {
    const values = table.get(name)
    if (values === undefined) throw new UsageError(`${path} has no column "${name}": restore the file, or train anew`)
    return values
  }
  return {
    step: column('step'),
    epoch: column('epoch'),
    loss: column('loss'),
    gradientNorm: column('gradientNorm'),
    gradientCosine: column('gradientCosine'),
    updateRatios: new Map(
      [...table].flatMap(([name, values]) =>
        name.startsWith(UPDATE_RATIO) ? [[name.slice(UPDATE_RATIO.length), values] as const] : [],
      ),
    ),
  }
}
