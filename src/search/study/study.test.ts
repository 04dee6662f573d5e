import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, expectTypeOf, it, test } from 'vitest'
import { key } from '../../random/index.ts'
import {
  branch,
  choice,
  cmaEs,
  createStudy,
  float,
  grid,
  int,
  medianPruner,
  random,
  readStudy,
  type Study,
  type StudyOptions,
  sobol,
  space,
  tpe,
} from '../index.ts'
import type { Event } from './journal/events.ts'
import { ledger } from './ledger.ts'

const made: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-study-'))
  made.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

const line = space({ x: float(-5, 5) })
type Line = StudyOptions<{ readonly x: number }>
const open = (more: Partial<Line> = {}) =>
  createStudy({ name: 'line', space: line, sampler: random(), direction: 'minimize', key: key(0), ...more })

/** Evaluates until nothing is left, or so many trials. */
async function work(study: Study<{ readonly x: number }>, most = Number.POSITIVE_INFINITY): Promise<number[]> {
  const done: number[] = []
  while (done.length < most) {
    const trial = await study.ask()
    if (trial === undefined) break
    await study.tell(trial, (trial.config.x - 2) ** 2)
    done.push(trial.number)
  }
  return done
}

/** Makes the worker that has a trial look as if it had died an hour ago on this machine, or on another one. */
function bury(
  folder: string,
  worker: string,
  process: { readonly pid: number; readonly host?: string },
  age = 3600,
): void {
  const path = join(folder, 'workers', worker)
  const now = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ host: now.host, ...process }))
  const then = Date.now() / 1000 - age
  utimesSync(path, then, then)
}
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid
const workerOf = (study: Study<unknown>, number: number): string => study.trials[number]?.worker ?? ''

describe.each([['in memory'], ['in a folder']])('a study %s', (where) => {
  const folder = () => (where === 'in memory' ? {} : { folder: newFolder() })

  it('asks and tells, and knows the best', async () => {
    const study = await open({ ...folder(), trials: 20 })
    expect(await work(study)).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(await study.ask()).toBeUndefined()
    const values = study.trials.map(({ config }) => (config.x - 2) ** 2)
    const at = values.indexOf(Math.min(...values))
    expect(study.best).toMatchObject({ number: at, outcome: { state: 'complete', value: values[at] }, attempt: 0 })
    expectTypeOf(study.trials[0]?.config.x).toEqualTypeOf<number | undefined>()
    expect(study.limit).toBe(20)
  })

  it('keeps trials that failed, were pruned or run', async () => {
    const study = await open({ ...folder(), direction: 'maximize' })
    const [a, b, c, d] = [await study.ask(), await study.ask(), await study.ask(), await study.ask()]
    if (!a || !b || !c || !d) throw new Error('no trial')
    expect([a, b, c, d].map(({ number }) => number)).toEqual([0, 1, 2, 3])
    await study.tell(c, { failed: 'it broke' })
    a.report(3, 0.5)
    a.report(1, Number.NaN)
    await study.tell(a, { pruned: true })
    await study.tell(d, Number.NaN)
    expect(study.trials.map(({ outcome, reports }) => [outcome, reports])).toEqual([
      [
        { state: 'pruned' },
        [
          { step: 3, value: 0.5 },
          { step: 1, value: Number.NaN },
        ],
      ],
      [undefined, []],
      [{ state: 'failed', reason: 'it broke' }, []],
      [{ state: 'failed', reason: 'its value is NaN' }, []],
    ])
    expect(study.best).toBeUndefined()
    await study.tell(b, -1)
    expect(study.best?.number).toBe(1)
  })

  it('refuses what makes no sense', async () => {
    const study = await open(folder())
    const trial = await study.ask()
    if (!trial) throw new Error('no trial')
    trial.report(1, 0)
    expect(() => trial.report(1, 0)).toThrow('trial 0 reports step 1 twice')
    expect(() => trial.report(0.5, 0)).toThrow('trial 0 reports at step 0.5')
    expect(await study.tell(trial, 1)).toBe(true)
    await expect(study.tell(trial, 1)).rejects.toThrow('trial 0 is told twice')
    expect(() => trial.report(2, 0)).toThrow('trial 0 has been told')
    const other = await open().then((one) => one.ask())
    if (!other) throw new Error('no trial')
    await expect(study.tell(other, 1)).rejects.toThrow('was not asked for here')
    expect(study.trials).toHaveLength(1)
  })

  it('asks its pruner', async () => {
    const study = await open({ ...folder(), pruner: medianPruner({ startupTrials: 2 }) })
    const run = async (values: readonly number[]): Promise<number> => {
      const trial = await study.ask()
      if (!trial) throw new Error('no trial')
      for (const [step, value] of values.entries()) {
        trial.report(step + 1, value)
        if (!trial.shouldPrune()) continue
        await study.tell(trial, { pruned: true })
        return step + 1
      }
      await study.tell(trial, values.at(-1) ?? 0)
      return 0
    }
    expect([await run([3, 2, 1]), await run([5, 4, 3]), await run([4, 3.5, 0]), await run([3, 3, 3])]).toEqual([
      0, 0, 2, 3,
    ])
  })

  it('ends where a grid does', async () => {
    const of = space({ x: int(1, 3), y: choice(['a', 'b']) })
    const study = await createStudy({
      name: 'grid',
      space: of,
      sampler: grid(),
      direction: 'minimize',
      key: key(0),
      ...folder(),
    })
    const seen: unknown[] = []
    for (let trial = await study.ask(); trial; trial = await study.ask()) {
      seen.push(trial.config)
      await study.tell(trial, 0)
    }
    expect(seen).toEqual([1, 2, 3].flatMap((x) => ['a', 'b'].map((y) => ({ x, y }))))
    expect([study.limit, study.best?.number]).toEqual([6, 0])
  })
})

describe('many workers in one folder', () => {
  it.each([random(), sobol(), grid({ points: 12 })])(
    'make the set of trials that one makes: $kind',
    async (sampler) => {
      const alone = await open({ sampler, trials: 12 })
      await work(alone)
      const folder = newFolder()
      const workers = await Promise.all([0, 1, 2].map(() => open({ sampler, trials: 12, folder })))
      const done = await Promise.all(workers.map((study) => work(study)))
      expect(done.flat().sort((a, b) => a - b)).toEqual(alone.trials.map(({ number }) => number))
      const stored = await readStudy(folder)
      expect(stored.trials.map(({ config }) => config)).toEqual(alone.trials.map(({ config }) => config))
      expect(stored.best?.config).toEqual(alone.best?.config)
      for (const study of workers) {
        study.refresh()
        expect(study.trials).toEqual(stored.trials)
      }
    },
  )

  it.each([
    ['tpe', tpe({ startupTrials: 4 })],
    ['cmaEs', cmaEs()],
  ])('take up the state of %s where others left it', async (_, sampler) => {
    const alone = await open({ sampler })
    await work(alone, 24)
    const folder = newFolder()
    for (let i = 0; i < 6; i++) await work(await open({ sampler, folder }), 4)
    const { trials } = await readStudy(folder)
    expect(trials.map(({ config }) => config)).toEqual(alone.trials.map(({ config }) => config))
  })

  it('go on with another number of trials', async () => {
    const folder = newFolder()
    await work(await open({ folder, trials: 3 }))
    const more = await open({ folder, trials: 5 })
    expect(await work(more)).toEqual([3, 4])
  })
})

describe('a worker that dies', () => {
  const start = async (more: Partial<Line> = {}) => {
    const folder = newFolder()
    const first = await open({ folder, trials: 3, ...more })
    const trial = await first.ask()
    if (!trial) throw new Error('no trial')
    trial.report(1, 7)
    const second = await open({ folder, trials: 3, ...more })
    return { folder, first, second, trial, worker: workerOf(first, 0) }
  }

  it('has its trial done by another, with the same configuration and new reports', async () => {
    const { folder, second, trial, worker } = await start()
    bury(folder, worker, { pid: deadPid() })
    const again = await second.ask()
    expect(again).toMatchObject({ number: 0, attempt: 1, config: trial.config })
    expect(second.trials[0]?.reports).toEqual([])
    again?.report(1, 8)
    if (again) expect(await second.tell(again, 5)).toBe(true)
    expect(second.trials[0]).toMatchObject({ attempt: 1, reports: [{ step: 1, value: 8 }], outcome: { value: 5 } })
    expect(await work(second)).toEqual([1, 2])
  })

  it.each([
    ['lives, however silent', {}, 3600],
    ['has been silent for a minute', { host: 'elsewhere' }, 60],
  ])('keeps its trial while it %s', async (_, who, age) => {
    const { folder, second, worker } = await start()
    bury(folder, worker, { pid: process.pid, ...who }, age)
    expect(await work(second)).toEqual([1, 2])
    expect(second.trials[0]?.outcome).toBeUndefined()
  })

  it('is known to be dead at once on this machine', async () => {
    const { folder, second, worker } = await start()
    bury(folder, worker, { pid: deadPid() }, 1)
    expect(await work(second)).toEqual([0, 1, 2])
  })

  it('is taken for dead on another machine after the grace period', async () => {
    const { folder, second, worker } = await start({ grace: 50 })
    bury(folder, worker, { pid: process.pid, host: 'elsewhere' }, 60)
    expect(await work(second)).toEqual([0, 1, 2])
  })

  it('and comes back late does not count twice, nor first once it was told', async () => {
    const { folder, first, second, trial, worker } = await start()
    bury(folder, worker, { pid: process.pid, host: 'elsewhere' })
    const again = await second.ask()
    if (!again) throw new Error('no trial')
    trial.report(2, 70)
    await second.tell(again, 5)
    expect(await first.tell(trial, 1)).toBe(false)
    first.refresh()
    for (const study of [first, second, await readStudy(folder)])
      expect(study.trials).toMatchObject([{ attempt: 1, reports: [], outcome: { state: 'complete', value: 5 } }])
  })

  it('and comes back before the other has told is the one that counts', async () => {
    const { folder, first, second, trial, worker } = await start()
    bury(folder, worker, { pid: process.pid, host: 'elsewhere' })
    const again = await second.ask()
    if (!again) throw new Error('no trial')
    expect(await first.tell(trial, 1)).toBe(true)
    expect(await second.tell(again, 5)).toBe(false)
    expect(second.trials).toMatchObject([{ attempt: 0, reports: [{ step: 1, value: 7 }], outcome: { value: 1 } }])
  })

  it('after it told, and before its journal could say so, is not followed', async () => {
    const { folder, first, second, trial, worker } = await start()
    await first.tell(trial, 1)
    const path = join(folder, 'journal', `${worker}.jsonl`)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`)
    expect(lines[2]).toContain('"event":"told"')
    bury(folder, worker, { pid: deadPid() })
    expect(second.trials[0]?.outcome).toBeUndefined()
    expect(await work(second)).toEqual([1, 2])
    expect(second.trials[0]).toMatchObject({ attempt: 0, outcome: { state: 'complete', value: 1 } })
  })

  it('after it took a trial, and before its journal could say so, has it done by another', async () => {
    const folder = newFolder()
    const second = await open({ folder, trials: 2 })
    const first = await open({ folder, trials: 2 })
    const trial = await first.ask()
    const worker = workerOf(first, 0)
    rmSync(join(folder, 'journal', `${worker}.jsonl`))
    expect(await second.ask()).toMatchObject({ number: 1 })
    expect(second.trials).toHaveLength(2)
    expect(await second.ask()).toBeUndefined()
    bury(folder, worker, { pid: deadPid() })
    const late = await open({ folder, trials: 2 })
    expect(await late.ask()).toMatchObject({ number: 0, attempt: 1, config: trial?.config })
  })

  it('is followed by as many as there are retries', async () => {
    const { folder, worker } = await start()
    bury(folder, worker, { pid: deadPid() })
    for (const attempt of [1, 2]) {
      const next = await open({ folder, trials: 3 })
      expect(await next.ask()).toMatchObject({ number: 0, attempt, deaths: attempt })
      bury(folder, workerOf(next, 0), { pid: deadPid() })
    }
    const last = await open({ folder, trials: 3 })
    expect(await work(last)).toEqual([1, 2])
    expect(last.trials[0]?.outcome).toEqual({ state: 'failed', reason: 'its worker died, 3 times' })
    expect((await readStudy(folder)).trials).toEqual(last.trials)
  })
})

describe('a worker that is told to stop', () => {
  it.each(['memory', 'folder'])('gives its trial back, and nobody has died: %s', async (kind) => {
    const options = { trials: 1, retries: 0, ...(kind === 'folder' && { folder: newFolder() }) }
    const first = await open(options)
    const second = kind === 'folder' ? await open(options) : first
    for (const attempt of [0, 1, 2]) {
      const trial = await first.ask()
      if (!trial) throw new Error('no trial')
      expect(trial).toMatchObject({ number: 0, attempt, deaths: 0 })
      expect(await second.ask()).toBeUndefined()
      first.release(trial)
      expect(() => first.release(trial)).toThrow('was told or given back before')
      expect(() => trial.report(1, 1)).toThrow('has been told or given back')
      await expect(first.tell(trial, 1)).rejects.toThrow('trial 0 is told twice, or was not asked for here')
    }
    expect(await work(second)).toEqual([0])
    expect(second.trials).toMatchObject([{ attempt: 3, outcome: { state: 'complete' } }])
  })
})

describe('the files', () => {
  const journals = (folder: string): string[] =>
    readdirSync(join(folder, 'journal')).map((name) => join(folder, 'journal', name))

  it('may end in half a line', async () => {
    const folder = newFolder()
    await work(await open({ folder }), 3)
    const [path = ''] = journals(folder)
    appendFileSync(path, '{"event":"reported","trial":2,"att')
    const next = await open({ folder })
    expect(next.trials).toHaveLength(3)
    expect(await work(next, 1)).toEqual([3])
  })

  it('say which line is damaged', async () => {
    const folder = newFolder()
    await work(await open({ folder }), 2)
    const [path = ''] = journals(folder)
    appendFileSync(path, 'half a li\n')
    await expect(open({ folder })).rejects.toThrow(`line 5 of ${path} is damaged (not JSON): mend or delete it`)
  })

  it('hold claims and results that no journal got to tell of', async () => {
    const folder = newFolder()
    const study = await open({ folder })
    await work(study, 3)
    const before = study.trials
    for (const path of journals(folder)) rmSync(path)
    const next = await open({ folder })
    expect(next.trials).toEqual(before)
    expect(await work(next, 1)).toEqual([3])
  })

  it('leave nothing behind in the scratch folder', async () => {
    const folder = newFolder()
    await work(await open({ folder }), 3)
    expect(readdirSync(join(folder, 'scratch'))).toEqual([])
    expect(readdirSync(join(folder, 'claims'))).toEqual(['000000-0', '000001-0', '000002-0'])
    expect(readdirSync(join(folder, 'results'))).toEqual(['000000', '000001', '000002'])
  })

  it.each<[string, Partial<Line>, string]>([
    ['sampler', { sampler: sobol() }, 'sampler.kind was "random" and is "sobol"'],
    ['pruner', { pruner: medianPruner() }, 'pruner.kind was "none" and is "median"'],
    ['direction', { direction: 'maximize' }, 'direction was "minimize" and is "maximize"'],
    ['key', { key: key(7) }, 'key.low was 0 and is 7'],
    ['name', { name: 'other' }, 'name was "line" and is "other"'],
    ['range', { space: space({ x: float(-5, 6) }) }, 'space.parameters.x.high was 5 and is 6'],
    [
      'constraint',
      { space: space({ x: float(-5, 5) }, [{ holds: ({ x }) => x > 0, why: 'x must be positive' }]) },
      'space.constraints',
    ],
  ])('refuse another %s', async (_, more, message) => {
    const folder = newFolder()
    await open({ folder })
    await expect(open({ folder, ...more })).rejects.toThrow(message)
    await open({ folder })
  })

  it('refuse another order of parameters', async () => {
    const [a, b, folder] = [int(0, 1), int(0, 2), newFolder()]
    const options = { name: 'order', sampler: grid(), direction: 'minimize', key: key(0), folder } as const
    await createStudy({ ...options, space: space({ a, b }) })
    await expect(createStudy({ ...options, space: space({ b, a }) })).rejects.toThrow(
      'its parameters come in another order',
    )
  })

  it('can be read without the code', async () => {
    const folder = newFolder()
    const of = space({ m: branch({ a: { x: float(0, 1) }, b: {} }) }, [{ holds: () => true, why: 'always' }])
    const study = await createStudy({
      name: 'read',
      space: of,
      sampler: tpe(),
      direction: 'maximize',
      key: key(3),
      folder,
      trials: 4,
    })
    for (let trial = await study.ask(); trial; trial = await study.ask()) await study.tell(trial, trial.number)
    const stored = await readStudy(folder)
    expect(stored).toMatchObject({
      name: 'read',
      direction: 'maximize',
      key: { low: 3, high: 0 },
      sampler: { kind: 'tpe' },
    })
    expect(stored.best).toEqual(study.best)
    expect(stored.space.axes).toEqual(of.axes)
    await expect(readStudy(newFolder())).rejects.toThrow('there is no study in')
  })
})

test('trials follow from the set of events, whatever order they come in, and twice told is told', () => {
  const base = { worker: 'w', time: 0, config: { x: 1 } }
  const told = { event: 'told', worker: 'w', time: 5 } as const
  const events: Event[] = [
    { event: 'asked', trial: 0, attempt: 0, ...base },
    { event: 'asked', trial: 0, attempt: 1, ...base, config: { x: 1 } },
    { event: 'reported', trial: 0, attempt: 0, worker: 'w', time: 1, step: 1, value: 3 },
    { event: 'reported', trial: 0, attempt: 1, worker: 'v', time: 1, step: 1, value: 4 },
    { ...told, trial: 0, attempt: 1, outcome: { state: 'complete', value: 2 } },
    { ...told, trial: 0, attempt: 1, outcome: { state: 'complete', value: 2 } },
    { event: 'asked', trial: 2, attempt: 0, ...base, config: { x: -1 } },
    { event: 'asked', trial: 1, attempt: 0, ...base, config: { x: 2 } },
    { ...told, trial: 1, attempt: 0, outcome: { state: 'pruned' } },
  ]
  const reference = ledger(line)
  reference.apply(events)
  expect(reference.trials().map(({ number, attempt, outcome }) => [number, attempt, outcome?.state])).toEqual([
    [0, 1, 'complete'],
    [1, 0, 'pruned'],
    [2, 0, undefined],
  ])
  expect(reference.running().map(({ asked }) => asked.trial)).toEqual([2])
  fc.assert(
    fc.property(fc.shuffledSubarray(events, { minLength: events.length }), fc.nat(events.length), (mixed, cut) => {
      const other = ledger(line)
      other.apply(mixed.slice(0, cut))
      other.trials()
      other.apply(mixed.slice(cut))
      expect(other.trials()).toEqual(reference.trials())
      expect([other.nextNumber(), other.running()]).toEqual([3, reference.running()])
    }),
  )
})

test.each<[Partial<Line>, string]>([
  [{ name: '' }, 'the name is empty'],
  [{ grace: 0 }, 'grace is 0'],
  [{ retries: -1 }, 'retries is -1'],
  [{ trials: 1.5 }, 'trials is 1.5'],
])('refuses %j', async (more, message) => {
  await expect(open(more)).rejects.toThrow(message)
})
