import { sinMlp } from './sinMlp.ts'
import type { Work } from './work.ts'

/** 64 sin MLPs on the same data, each with weights of its own: at once where a peer can, else in turn. */
export const population: Work = {
  ...sinMlp,
  name: 'population',
  title: '64 sin MLPs',
  task: 'population',
  members: 64,
}
