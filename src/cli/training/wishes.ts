import type { Job } from './protocol.ts'
import type { Where } from './trainSeed.ts'
import type { Surroundings } from './work.ts'

/** What the command line wants of every run. */
export const wishesOf = ({ checkpointEvery, isTracked }: Job, { post }: Surroundings): Partial<Where> => ({
  ...(checkpointEvery !== undefined && { checkpointEvery }),
  ...(isTracked && { onRecords: (records) => post({ type: 'records', records }) }),
})
