import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readStudy } from 'assay/search'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, scratch, start } from './assay.ts'
import { type Cluster, startCluster, whyNoCluster } from './slurm/cluster.ts'

const why = whyNoCluster()
if (why !== undefined)
  console.warn(
    `skipped: the tests on Slurm need apt-get install slurmctld slurmd slurm-client munge, and root (${why})`,
  )

const run = promisify(execFile)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe.skipIf(why !== undefined)('on Slurm', () => {
  let cluster: Cluster
  let folder = ''
  let study = ''
  let remove = async (): Promise<void> => {}
  beforeAll(async () => {
    cluster = await startCluster()
    Object.assign(process.env, cluster.environment)
  })
  afterAll(async () => {
    await cluster?.stop()
    delete process.env.SLURM_CONF
  })
  beforeEach(async () => {
    const made = await scratch()
    remove = made.remove
    // Names that a shell, or Slurm, would take apart.
    folder = join(made.folder, 'it’s "a" $HOME\'s `folder` #1')
    await mkdir(folder)
    await mkdir(join(folder, 'temporary'))
    study = join(folder, 'studies', 'forty')
  })
  afterEach(() => remove())

  const trials = async () =>
    readStudy(study).then(
      (read) => read.trials,
      () => [],
    )
  const ended = async (): Promise<number> => (await trials()).filter(({ outcome }) => outcome !== undefined).length
  const untilEnded = async (count: number): Promise<void> => {
    while ((await ended()) < count) await wait(50)
  }
  const statusSchema = z.object({
    trials: z.object({ complete: z.number(), total: z.number() }),
    workers: z.array(
      z.object({
        on: z.string(),
        running: z.number(),
        waiting: z.number(),
        waitingFor: z.array(z.string()),
        failures: z.array(z.string()),
      }),
    ),
  })
  const status = async () =>
    statusSchema.parse(JSON.parse((await assay(folder, 'search', 'status', 'forty', '--json')).stdout))
  const arrays = async () =>
    (await readFile(join(study, 'slurm.jsonl'), 'utf8'))
      .split('\n')
      .filter(Boolean)
      .map((line) => z.object({ event: z.string(), job: z.number().optional() }).parse(JSON.parse(line)))
  /** The processes of workers that have a trial under way. */
  const atWork = async (): Promise<readonly number[]> => {
    const workers = new Set((await trials()).flatMap(({ worker, outcome }) => (outcome === undefined ? [worker] : [])))
    const texts = await Promise.all([...workers].map((name) => readFile(join(study, 'workers', name), 'utf8')))
    return texts.map((text) => z.object({ pid: z.number() }).parse(JSON.parse(text)).pid).filter(isAlive)
  }
  const oneAtWork = async (): Promise<number> => {
    for (;;) {
      const [pid] = await atWork()
      if (pid !== undefined) return pid
      await wait(20)
    }
  }
  const parentOf = async (pid: number): Promise<number> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  }
  /** Slurm's own numbers of the tasks that run: those that signals can be sent to. */
  const running = async (): Promise<readonly string[]> =>
    (await run('squeue', ['--noheader', '--array', '--states=RUNNING', '--format=%A'])).stdout
      .split('\n')
      .filter(Boolean)

  /** Each trial has one result, and was told once. */
  const expectEachOnce = async (count: number): Promise<void> => {
    expect((await trials()).map(({ number, outcome }) => [number, outcome?.state])).toEqual(
      numbers(count).map((number) => [number, 'complete']),
    )
    const journals = await readdir(join(study, 'journal'))
    const texts = await Promise.all(journals.map((name) => readFile(join(study, 'journal', name), 'utf8')))
    const told = texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('{"event":"told"')))
    expect(
      told.map((line) => z.object({ trial: z.number() }).parse(JSON.parse(line)).trial).sort((a, b) => a - b),
    ).toEqual(numbers(count))
    expect(await readdir(join(study, 'results'))).toHaveLength(count)
  }

  it('forty trials are done once each: workers, their scripts and the submitter are killed, tasks are preempted and reach their time limit', async () => {
    const submitter = start(
      ...([folder, 'search', fixture('searchSlurm.ts'), '--on', 'slurm', '--wait'] as const),
      ...(['--workers', '4', '--memory', '1024', '--partition', 'main', '--sbatch-arg=--comment=a "b" \\c'] as const),
    )
    await untilEnded(2)
    process.kill(await oneAtWork(), 'SIGKILL')
    await untilEnded(6)
    submitter.kill('SIGKILL')
    await submitter.ended
    const [preempted = '', timedOut = ''] = await running()
    await run('scontrol', ['requeue', preempted])
    await untilEnded(9)
    // scancel reports a signal to a batch script as not sent, and sends it again and again (22.05): as good a test.
    await run('scancel', ['--batch', '--signal=USR1', timedOut], { timeout: 8000 }).catch(() => {})
    await untilEnded(14)
    const worker = await oneAtWork()
    process.kill(await parentOf(worker), 'SIGKILL')
    process.kill(worker, 'SIGKILL')
    for (let i = 0; (await status()).workers[0]?.failures.length !== 1; i++) {
      if (i === 30) throw new Error('the task whose script was killed is not told of')
      await wait(300)
    }
    const { workers } = await status()
    expect(workers).toMatchObject([
      { on: 'slurm', failures: [expect.stringMatching(/^task \d+_\d \(slurm\/.*FAILED/)] },
    ])
    const before = await ended()
    const resumed = await assay(folder, 'search', 'resume', 'forty', '--workers', '4', '--memory', '1024', '--wait')
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(resumed.stdout).toMatch(/submitted job \d+: 1 worker;/)
    expect(before).toBeLessThan(40)
    expect((await arrays()).map(({ event }) => event)).toEqual(['submitting', 'submitted', 'submitting', 'submitted'])
    await expectEachOnce(40)
    const logs = await Promise.all(
      (await readdir(join(study, 'slurm')))
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFile(join(study, 'slurm', name), 'utf8')),
    )
    const count = (text: string): number => logs.filter((log) => log.includes(text)).length
    expect(count('the worker ended with code 137')).toBe(1)
    expect(count('DUE TO JOB REQUEUE')).toBeGreaterThanOrEqual(1)
    expect(count('queued again')).toBe(1)
    expect(await running()).toEqual([])
  }, 180_000)

  it('cancel stops the workers, which give their trials back; resume submits as many again, as before', async () => {
    const file = fixture('searchSlurm.ts')
    // So many that some are left when a command on a busy machine has come to cancel them.
    const trialsInAll = 50
    const options = ['--workers', '4', '--throttle', '2', '--memory', '1024', '--trials', String(trialsInAll)]
    const submitted = await assay(folder, 'search', file, '--on', 'slurm', ...options)
    expect([submitted.code, submitted.stderr]).toEqual([0, ''])
    expect(submitted.stdout).toMatch(/submitted job \d+: 4 workers, at most 2 at a time; logs in/)
    expect(submitted.stdout).toContain('assay search status studies/forty')
    await untilEnded(2)
    expect((await status()).workers).toEqual([
      { on: 'slurm', running: 2, waiting: 2, waitingFor: ['JobArrayTaskLimit'], failures: [] },
    ])
    const watching = start(
      folder,
      'search',
      'resume',
      'forty',
      '--trials',
      String(trialsInAll),
      '--memory',
      '1024',
      '--wait',
      '--json',
    )
    await watching.said('4 workers are submitted already')
    watching.kill('SIGINT')
    const watched = await watching.ended
    expect([watched.code, watched.stderr]).toEqual([130, expect.stringContaining('the workers go on')])
    expect(await running()).toHaveLength(2)
    expect((await assay(folder, 'search', 'cancel', 'forty')).stdout).toContain('have stopped')
    expect(await running()).toEqual([])
    expect(await atWork()).toEqual([])
    const left = (await trials()).filter(({ outcome }) => outcome === undefined)
    const journals = await readdir(join(study, 'journal'))
    const texts = await Promise.all(journals.map((name) => readFile(join(study, 'journal', name), 'utf8')))
    expect(left.length).toBeGreaterThan(0)
    expect(texts.join('').match(/"event":"released"/g)).toHaveLength(left.length)
    expect((await status()).workers).toEqual([])
    const resumed = await assay(folder, 'search', 'resume', 'forty', '--memory', '1024', '--wait', '--json')
    expect(resumed.code, resumed.stderr).toBe(0)
    expect(resumed.stderr).toMatch(/submitted job \d+: 4 workers, at most 2 at a time/)
    await expectEachOnce(trialsInAll)
  }, 240_000)

  it('a refusal is told in one line, and nothing is left waiting', async () => {
    const args = ['--on', 'slurm', '--workers', '2', '--partition', 'nowhere']
    const { code, stderr } = await assay(folder, 'search', fixture('searchSlurm.ts'), ...args)
    expect(code).toBe(2)
    expect(stderr.trim()).toMatch(
      /^error: sbatch refuses: invalid partition specified: nowhere; .*Invalid partition name.*$/,
    )
    expect((await arrays()).map(({ event }) => event)).toEqual(['submitting', 'refused'])
  }, 60_000)
})

describe('without Slurm', () => {
  let folder = ''
  let remove = async (): Promise<void> => {}
  const path = process.env.PATH
  beforeEach(async () => {
    ;({ folder, remove } = await scratch())
    process.env.PATH = folder
  })
  afterEach(async () => {
    process.env.PATH = path
    await remove()
  })

  it.each([
    [['--on', 'slurm', '--workers', '2'], 'sbatch is not on this machine'],
    [['--on', 'slurm'], 'say how many workers with --workers'],
    [['--on', 'slurm', '--workers', '2', '--final'], '--final trains when the search has ended'],
    [['--partition', 'short'], '--partition is for workers on Slurm'],
  ])('%j is told to be wrong, in a line', async (args, message) => {
    const { code, stderr } = await assay(folder, 'search', fixture('searchTiny.ts'), ...args)
    expect(code).toBe(2)
    expect(stderr.trim()).toMatch(new RegExp(`^error: .*${message}.*$`))
  })
})
