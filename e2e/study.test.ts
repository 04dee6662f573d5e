import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { key } from 'assay/random'
import { createStudy, float, random, readStudy, space } from 'assay/search'
import { afterEach, beforeEach, expect, test } from 'vitest'

const hooks = resolve(import.meta.dirname, '../dist/cli/typescript.js')
const script = resolve(import.meta.dirname, 'studyWorker.ts')

let folder = ''
const children = new Set<ChildProcess>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-processes-'))
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Worker {
  readonly child: ChildProcess
  /** The trials that it has told, and how it ended. */
  readonly ended: Promise<{ readonly told: readonly number[]; readonly code: number | null; readonly errors: string }>
}

function start(options: {
  readonly sampler: string
  readonly trials: number
  readonly pause: number
  readonly grace: number
}): Worker {
  const child = spawn(process.execPath, ['--import', hooks, script, folder, JSON.stringify(options)])
  children.add(child)
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise<Awaited<Worker['ended']>>((done) => {
    child.on('close', (code) => {
      children.delete(child)
      done({ told: output.split('\n').filter(Boolean).map(Number), code, errors })
    })
  })
  return { child, ended }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
const finished = async (): Promise<number> => {
  const trials = await readStudy(folder).then(
    (study) => study.trials,
    () => [],
  )
  return trials.filter(({ outcome }) => outcome !== undefined).length
}

test('four processes do each trial once, and make the set of trials that one makes', async () => {
  const workers = [0, 1, 2, 3].map(() => start({ sampler: 'random', trials: 60, pause: 1, grace: 30 }))
  const ends = await Promise.all(workers.map(({ ended }) => ended))
  expect(ends.map(({ errors }) => errors)).toEqual(['', '', '', ''])
  expect(ends.flatMap(({ told }) => told).sort((a, b) => a - b)).toEqual(numbers(60))
  expect(ends.filter(({ told }) => told.length > 0).length).toBeGreaterThan(1)
  const { trials, best } = await readStudy(folder)
  expect(trials.map(({ number, attempt, outcome }) => [number, attempt, outcome?.state])).toEqual(
    numbers(60).map((number) => [number, 0, 'complete']),
  )
  const alone = await createStudy({
    ...{ name: 'alone', space: space({ x: float(-5, 5), y: float(0, 1) }), sampler: random() },
    ...{ direction: 'minimize', key: key(11), trials: 60 },
  })
  for (let trial = await alone.ask(); trial; trial = await alone.ask())
    await alone.tell(trial, (trial.config.x - 1) ** 2 + trial.config.y)
  expect(trials.map(({ config }) => config)).toEqual(alone.trials.map(({ config }) => config))
  expect([best?.number, best?.outcome]).toEqual([alone.best?.number, alone.best?.outcome])
})

test('kill -9 at ten moments loses no finished trial and repeats none', async () => {
  const options = { sampler: 'tpe', trials: 50, pause: 15, grace: 0.4 }
  const kept = new Map<number, unknown>()
  const told: number[] = []
  let workers = [start(options), start(options)]
  // Moments are spread over the study by how far it has come, so that a slow machine is killed as often as a fast one.
  for (let kill = 0; kill < 10; kill++) {
    while ((await finished()) < 2 + kill * 4) await wait(5)
    await wait((kill * 37) % 60)
    const [victim, ...others] = workers
    victim?.child.kill('SIGKILL')
    const end = await victim?.ended
    expect(end?.errors).toBe('')
    told.push(...(end?.told ?? []))
    const { trials } = await readStudy(folder)
    for (const { number, outcome, config } of trials) if (outcome !== undefined) kept.set(number, { config, outcome })
    const [journal] = readdirSync(join(folder, 'journal')).filter((name) => name.includes(`-${victim?.child.pid}-`))
    // What a machine that stops leaves of the line that it was writing.
    if (journal !== undefined) appendFileSync(join(folder, 'journal', journal), '{"event":"told","trial":1,"attem')
    workers = [...others, start(options)]
  }
  for (const { told: more, errors, code } of await Promise.all(workers.map(({ ended }) => ended))) {
    expect([errors, code]).toEqual(['', 0])
    told.push(...more)
  }
  const { trials } = await readStudy(folder)
  expect(trials.map(({ number, outcome }) => [number, outcome?.state])).toEqual(numbers(50).map((n) => [n, 'complete']))
  for (const [number, was] of kept) expect(trials[number]).toMatchObject(was ?? {})
  // A worker may be killed between telling and printing; no trial is printed twice.
  expect(new Set(told).size).toBe(told.length)
  expect(told.length).toBeGreaterThanOrEqual(40)
  expect(trials.filter(({ attempt }) => attempt > 0).length).toBeGreaterThan(0)
  const results = readdirSync(join(folder, 'results'))
  expect(results).toHaveLength(50)
  const lines = readdirSync(join(folder, 'journal')).flatMap((name) =>
    readFileSync(join(folder, 'journal', name), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"event":"told"') && line.endsWith('}')),
  )
  expect(new Set(lines.map((line) => JSON.parse(line).trial)).size).toBe(lines.length)
})
