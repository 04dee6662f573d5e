import type { Schedule } from './schedule.ts'

/** The learning rate as it is: what an experiment without a schedule has. */
export const constant = (): Schedule => steady

const steady: Schedule = { kind: 'constant', config: {}, factor: () => 1 }
