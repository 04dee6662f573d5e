/** A worker of a study, as a user might write one: `node studyWorker.js <folder> <options as JSON>`. Prints the number of each trial it has told. */
import { key } from 'assay/random'
import { createStudy, float, random, space, successiveHalving, tpe } from 'assay/search'

const [folder = '', options = '{}'] = process.argv.slice(2)
const { sampler, trials, pause, grace } = JSON.parse(options)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

const study = await createStudy({
  name: 'processes',
  space: space({ x: float(-5, 5), y: float(0, 1) }),
  sampler: sampler === 'tpe' ? tpe() : random(),
  pruner: successiveHalving({ reductionFactor: 2 }),
  direction: 'minimize',
  key: key(11),
  folder,
  trials,
  grace,
  retries: 100,
})

/** Trials of workers that died come back only after their grace, so a worker waits until all have ended. */
for (;;) {
  const trial = await study.ask()
  if (trial === undefined) {
    if (study.trials.filter(({ outcome }) => outcome !== undefined).length === trials) break
    await wait(50)
    continue
  }
  const { x, y } = trial.config
  for (let step = 1; step <= 4; step++) {
    trial.report(step, (x - 1) ** 2 + y / step)
    await wait(pause * (1 + (trial.number % 3)))
  }
  if (await study.tell(trial, (x - 1) ** 2 + y)) console.log(trial.number)
}
