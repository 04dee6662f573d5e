import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { key } from 'assay/random'
import { readStudy } from 'assay/search'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { uniforms } from '../src/search/samplers/chance.ts'
import { assay, example, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeEach(async () => {
  ;({ folder, remove } = await scratch())
})
afterEach(() => remove())

const trial = z.object({ number: z.number(), config: z.record(z.string(), z.unknown()) })
const printed = z.object({
  trials: z.object({ complete: z.number(), failed: z.number(), total: z.number() }),
  plan: z.object({ trials: z.number(), fitsPerTrial: z.number() }),
  best: trial.extend({ value: z.number() }),
  bestFile: z.string(),
})
const studyOf = (name: string): string => join(folder, 'studies', name)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

/** Process numbers of the workers that a study has had. */
async function workersOf(name: string): Promise<number[]> {
  const files = await readdir(join(studyOf(name), 'workers'))
  const texts = await Promise.all(files.map((file) => readFile(join(studyOf(name), 'workers', file), 'utf8')))
  return texts.map((text) => z.object({ pid: z.number() }).parse(JSON.parse(text)).pid)
}

/** Whether any worker of a study is there still. */
const areWorkersAlive = async (name: string): Promise<boolean> =>
  (await workersOf(name)).some((pid) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  })

/** Lines of a study's journal. */
async function journalOf(name: string): Promise<string[]> {
  const files = await readdir(join(studyOf(name), 'journal'))
  const texts = await Promise.all(files.map((file) => readFile(join(studyOf(name), 'journal', file), 'utf8')))
  return texts.flatMap((text) => text.split('\n'))
}

const ended = async (name: string) =>
  (
    await readStudy(studyOf(name)).then(
      ({ trials }) => trials,
      () => [],
    )
  ).filter(({ outcome }) => outcome !== undefined)

describe('one worker and two', () => {
  it.each(['grid', 'random', 'sobol'])(
    'make the same trials and find the same best: %s',
    async (sampler) => {
      const searched = async (workers: string) => {
        const studies = join(folder, `by-${workers}`)
        const args = ['--sampler', sampler, '--workers', workers, '--studies', studies, '--trials', '8', '--json']
        const { code, stdout, stderr } = await assay(folder, 'search', fixture('searchTiny.ts'), ...args)
        expect(code, stderr).toBe(0)
        return { ...printed.parse(JSON.parse(stdout)), study: await readStudy(join(studies, 'tiny')) }
      }
      const [one, two] = [await searched('1'), await searched('2')]
      expect(one.trials).toMatchObject({ complete: 8, failed: 0, total: 8 })
      expect(two.trials).toEqual(one.trials)
      expect(new Set(one.study.trials.map(({ worker }) => worker)).size).toBe(1)
      expect(two.study.trials.map(({ config }) => config)).toEqual(one.study.trials.map(({ config }) => config))
      for (const { number, outcome } of one.study.trials) {
        const other = two.study.trials[number]?.outcome
        if (outcome?.state !== 'complete' || other?.state !== 'complete') throw new Error('a trial is not complete')
        expect(other.value).toBeCloseTo(outcome.value, 5)
      }
      expect(two.best.number).toBe(one.best.number)
    },
    180_000,
  )
})

/** Events of a study's journal that tell of trials, in order of time. */
async function eventsOf(name: string): Promise<readonly z.infer<typeof trialEvent>[]> {
  const lines = (await journalOf(name)).flatMap((line) => trialEvent.safeParse(parsed(line)).data ?? [])
  return lines.sort((a, b) => a.time - b.time)
}
const trialEvent = z.object({
  event: z.enum(['asked', 'told', 'released']),
  ...{ trial: z.number(), attempt: z.number(), worker: z.string(), time: z.number() },
})
/** What a kill leaves of a line is no event. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

it('a search whose command is killed with -9 at ten random moments goes on: no finished trial is lost or repeated, and the best is that of one that nobody killed', async () => {
  const seed = Number(process.env.ASSAY_SEED ?? Date.now() % 1_000_000)
  console.log(`moments of the kills: ASSAY_SEED=${seed}`)
  const chance = uniforms(key(seed))
  const [kills, trials, workers] = [10, 90, ['--workers', '2']]
  const kept = new Map<number, unknown>()
  for (let kill = 0; kill < kills; kill++) {
    const args = kill === 0 ? ['search', fixture('searchKilled.ts')] : ['search', 'resume', 'killed']
    const running = start(folder, ...args, ...workers)
    // Some are killed before they work, wherever they are by then; the others when so many trials have ended, and a little later.
    const isEarly = kill > 0 && chance() < 0.25
    const wanted = isEarly ? 0 : (await ended('killed')).length + 1 + Math.floor(5 * chance())
    while ((await ended('killed')).length < wanted) await wait(10)
    await wait((isEarly ? 1000 : 80) * chance())
    running.kill('SIGKILL')
    expect((await running.ended).code).toBe(null)
    for (const { number, config, outcome } of await ended('killed')) kept.set(number, { config, outcome })
    // Of two the workers are given no time to end: those of the next command find them at work.
    while (kill % 2 === 1 && (await areWorkersAlive('killed'))) await wait(20)
  }
  expect(kept.size).toBeGreaterThan(kills)
  expect(kept.size).toBeLessThan(trials)
  const { code, stdout, stderr } = await assay(folder, 'search', 'resume', 'killed', ...workers, '--json')
  expect(code, stderr).toBe(0)
  const end = printed.parse(JSON.parse(stdout))
  expect(end.trials).toMatchObject({ complete: trials, failed: 0, total: trials })
  const study = await readStudy(studyOf('killed'))
  for (const [number, was] of kept) expect(study.trials[number]).toMatchObject(was ?? {})

  const numbers = Array.from({ length: trials }, (_, i) => i)
  const events = await eventsOf('killed')
  const told = events.filter(({ event }) => event === 'told')
  expect(told.map(({ trial: number }) => number).sort((a, b) => a - b)).toEqual(numbers)
  for (const { trial: number, attempt } of told)
    expect(events.findLast((one) => one.event === 'asked' && one.trial === number)?.attempt).toBe(attempt)
  // Something was under way when the command was killed.
  expect(study.trials.some(({ attempt }) => attempt > 0)).toBe(true)
  expect(await areWorkersAlive('killed')).toBe(false)

  const place = ['--studies', join(folder, 'unbroken'), '--json']
  const unbroken = await assay(folder, 'search', fixture('searchKilled.ts'), ...workers, ...place)
  expect(printed.parse(JSON.parse(unbroken.stdout)).best).toEqual(end.best)
  const others = await readStudy(join(folder, 'unbroken', 'killed'))
  expect(study.trials.map(({ config, outcome }) => ({ config, outcome }))).toEqual(
    others.trials.map(({ config, outcome }) => ({ config, outcome })),
  )
}, 300_000)

it('Ctrl-C gives trials back, cancel does from elsewhere, and resume does them', async () => {
  const running = start(folder, 'search', fixture('searchSlow.ts'), '--workers', '1')
  while ((await ended('slow')).length < 2) await wait(20)
  running.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).toContain('go on with: assay search resume studies/slow')
  expect(await areWorkersAlive('slow')).toBe(false)

  const again = start(folder, 'search', 'resume', 'slow', '--workers', '1', '--trials', '99')
  const before = (await ended('slow')).length
  while ((await ended('slow')).length < before + 2) await wait(20)
  const second = await assay(folder, 'search', 'resume', 'slow')
  expect(second.code).toBe(2)
  expect(second.stderr).toContain('is at work on')
  const status = await assay(folder, 'search', 'status', 'slow')
  expect(status.stdout).toMatch(/slow: \d+ of 99 trials have ended; 1 worker on local/)
  expect((await assay(folder, 'search', 'cancel', 'slow')).stdout).toContain('have stopped')
  expect((await again.ended).code).toBe(130)
  const { trials } = await readStudy(studyOf('slow'))
  const ends = trials.filter(({ outcome }) => outcome !== undefined)
  expect(ends.length).toBeLessThan(99)
  expect(ends.every(({ outcome }) => outcome?.state === 'complete')).toBe(true)
}, 180_000)

it('Ctrl-C of a terminal, which workers hear themselves and are told again, gives trials back all the same', async () => {
  const running = start(folder, 'search', fixture('searchSlow.ts'), '--workers', '1')
  while ((await ended('slow')).length < 2) await wait(20)
  const [worker] = await workersOf('slow')
  if (worker === undefined) throw new Error('there is no worker')
  process.kill(worker, 'SIGINT')
  running.kill('SIGINT')
  process.kill(worker, 'SIGTERM')
  expect((await running.ended).code).toBe(130)
  const lines = await journalOf('slow')
  expect(lines.some((line) => line.startsWith('{"event":"released"'))).toBe(true)
}, 60_000)

describe('the best configuration', () => {
  it('is an experiment file, which is trained and tested on request; more trials can be asked for', async () => {
    const file = join(folder, 'tiny.ts')
    await copyFile(fixture('searchTiny.ts'), file)
    const first = await assay(folder, 'search', 'tiny.ts', '--trials', '2', '--final')
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/trials +2\nfits +2, each trained on 45 samples and judged by 15 others\nprograms/)
    expect(first.stdout).toMatch(/Best validation\.loss .*: trial \d, lr .*, hidden \[/)
    expect(first.stdout).toContain('Test: loss')
    expect(await runFolders(folder)).toEqual([expect.stringMatching(/^tiny-best-s0-/)])
    const best = await readFile(join(studyOf('tiny'), 'best.ts'), 'utf8')
    expect(best).toContain('import search from "../../tiny.ts"')
    const more = await assay(folder, 'search', 'tiny.ts', '--trials', '4')
    expect(more.stdout).toContain('4, of which 2 have ended before')
    const run = await assay(folder, 'run', join('studies', 'tiny', 'best.ts'))
    expect(run.code, run.stderr).toBe(0)
    const show = await assay(folder, 'search', 'show', 'tiny', '--top', '3')
    expect(show.stdout).toMatch(/trial +validation\.loss +lr +hidden\n( +\d +.*\n){3}$/)
    const report = await assay(folder, 'search', 'report', 'tiny', '--json')
    expect(report.code, report.stderr).toBe(0)
    expect(JSON.parse(report.stdout)).toMatchObject({
      ...{ name: 'tiny', report: join(studyOf('tiny'), 'report.html'), luck: expect.anything() },
      final: { ids: [expect.stringMatching(/^tiny-best-s0-/), expect.stringMatching(/^tiny-best-s0-/)] },
    })
    const page = await readFile(join(studyOf('tiny'), 'report.html'), 'utf8')
    for (const text of ['<h1>tiny</h1>', '4 complete trials', 'npx assay search tiny.ts --trials 4'])
      expect(page).toContain(text)

    await writeFile(file, (await readFile(file, 'utf8')).replace('epochs: 6', 'epochs: 7'))
    const changed = await assay(folder, 'search', 'resume', 'tiny', '--trials', '6')
    expect(changed.code).toBe(2)
    expect(changed.stderr).toMatch(
      /tiny\.ts describes another search than the one in .*epochs of the experiment of .*: 6 is now 7/,
    )
  }, 180_000)
})

it('the example comes to what it promises', async () => {
  const { code, stdout, stderr } = await assay(folder, 'search', example('sinc-search.ts'), '--final')
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('32 of 32 trials have ended')
  expect(stdout).toMatch(/✓ Test loss .*wanted: at most 0.005/)
}, 300_000)

it('fails where no trial came to its end, and says why', async () => {
  const text = await readFile(fixture('searchTiny.ts'), 'utf8')
  await writeFile(join(folder, 'wild.ts'), text.replace('float(0.002, 0.02, { step: 0.006 })', 'float(1e30, 1e36)'))
  const { code, stdout, stderr } = await assay(folder, 'search', 'wild.ts', '--trials', '2', '--final')
  expect(code).toBe(1)
  expect(stdout).toContain('2 of 2 trials have ended (2 failed)')
  expect(stderr).toMatch(/failed: trial 0: .*epoch 1/)
  expect(stderr).toContain('--final: there is no best configuration to train')
}, 60_000)

it('says what is wrong with a file before it makes a folder', async () => {
  const wrong = await assay(folder, 'search', fixture('people.ts'))
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('assay run is for what it holds')])
  const other = await assay(folder, 'run', fixture('searchTiny.ts'))
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('holds a search: assay search is for it')])
  expect((await assay(folder, 'search', 'status', 'nothing')).code).toBe(2)
  expect(await readdir(folder)).toEqual(['temporary'])
}, 60_000)
