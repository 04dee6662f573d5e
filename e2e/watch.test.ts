import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type MlflowServer, mlflowServer } from '../src/testing/mlflowServer.ts'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const SHORT = [fixture('long.ts'), '--epochs', '3', '--set', 'evaluation.everySteps=20'] as const

const lines = (text: string): string[] => text.trimEnd().split('\n')

describe('assay run --watch', () => {
  it('plain, where there is no terminal: a table of epochs and of evaluations inside them', async () => {
    const { code, stdout, stderr } = await assay(folder, 'run', ...SHORT)
    expect(code).toBe(0)
    const [about, header, ...rows] = lines(stderr)
    expect(about).toContain('400 training samples, 3 epochs of 17 steps')
    expect(header).toBe('epoch  train loss  val loss  train accuracy  val accuracy         lr      time  best')
    expect(rows.at(-1)).toMatch(/^ 3\.00 {2,}\d\.\d+ {2,}\d\.\d+ {2,}\d+\.\d\d % {2,}\d+\.\d\d % {2,}\S+ {2,}\d+\.\d s/)
    expect(new Set(rows.map((row) => row.slice(0, 5).trim())).size).toBe(rows.length)
    expect(stdout).toContain('Test accuracy')
  })

  it('none: nothing but the outcome', async () => {
    const { code, stdout, stderr } = await assay(folder, 'run', ...SHORT, '--watch', 'none')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Test accuracy')
  })

  it('json: an event a line, and the outcome beside it', async () => {
    const { code, stdout, stderr } = await assay(folder, 'run', ...SHORT, '--watch', 'json', '--json')
    expect(code).toBe(0)
    const events = lines(stderr).map((line) => z.looseObject({ event: z.string() }).parse(JSON.parse(line)))
    const of = (kind: string) => events.filter(({ event }) => event === kind)
    const [run] = z.object({ runs: z.array(z.looseObject({ id: z.string() })) }).parse(JSON.parse(stdout)).runs
    expect(events[0]).toMatchObject({ event: 'start', run: run?.id, epochs: 3, stepsPerEpoch: 17, step: 0 })
    expect(of('step')[0]).toMatchObject({ step: 1, loss: expect.any(Number), meanLoss: expect.any(Number) })
    expect(of('evaluation').map(({ step }) => step)).toEqual([20, 40])
    expect(of('evaluation')[0]).toMatchObject({ epoch: 20 / 17, best: true, validation: { loss: expect.any(Number) } })
    expect(of('epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    for (const epoch of of('epoch'))
      expect(epoch).toMatchObject({ seconds: expect.any(Number), learningRate: expect.any(Number) })
    expect(of('epoch')[2]).toMatchObject({ train: { loss: expect.any(Number) }, step: 51 })
    expect(events.at(-1)).toMatchObject({ event: 'end', run: run?.id, status: 'finished', steps: 51, test: run?.test })
  })

  it('json: a mistake is an event, too', async () => {
    const { code, stderr } = await assay(folder, 'run', fixture('eleven-classes.ts'), '--watch', 'json')
    expect(code).toBe(2)
    const [error, ...others] = lines(stderr).map((line) => JSON.parse(line))
    expect(error).toMatchObject({ event: 'error', kind: 'usage', message: expect.stringContaining('11 classes') })
    expect(others).toEqual([])
  })

  it('bar: refused without a terminal, and in a narrow one as wide as it', async () => {
    const { code, stderr } = await assay(folder, 'run', ...SHORT, '--watch', 'bar')
    expect(code).toBe(2)
    expect(stderr).toContain('--watch plain')
    const main = resolve(import.meta.dirname, '../dist/cli/main.js')
    const command = ['stty cols 50;', process.execPath, main, 'run', ...SHORT, '2>&1 >/dev/null'].join(' ')
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: folder, encoding: 'utf8' })
    expect(status).toBe(0)
    // Each redraw begins by going to the line's first column.
    const shown = stripVTControlCharacters(stdout.replaceAll('\u001b[1G', '\n')).split(/[\r\n]+/)
    expect(shown).toContain('epoch  train loss  val loss  val accuracy  best')
    const drawn = shown.filter((line) => /^epoch \d\/3 /.test(line))
    expect(drawn.length).toBeGreaterThan(0)
    for (const line of drawn) expect(line.length).toBeLessThanOrEqual(50)
  })
})

/** The points in the event files of a folder, by folder: what comes after the two records that files begin with. */
function eventsIn(logs: string): Record<string, string> {
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('tfevents'))
  return Object.fromEntries(
    files.map((name) => {
      const bytes = readFileSync(join(logs, name))
      const after = (at: number): number => at + Number(bytes.readBigUInt64LE(at)) + 16
      return [name.split('/').slice(0, -1).join('/'), bytes.subarray(after(after(0))).toString('hex')]
    }),
  )
}

/** Begins a long run, and kills it as soon as something is there. */
async function killed(isThere: () => boolean, ...args: readonly string[]): Promise<string> {
  const before = new Set(await runFolders(folder))
  const running = start(folder, 'run', fixture('long.ts'), '--checkpoint-every', '0.1', ...args)
  await expect.poll(isThere, { timeout: 200_000 }).toBe(true)
  running.kill('SIGKILL')
  const { code } = await running.ended
  expect(code).toBeNull()
  return (await runFolders(folder)).find((one) => !before.has(one)) ?? ''
}

describe('assay run --tensorboard', () => {
  it('after a kill and a resume has the events of the run’s log, each once', async () => {
    const logs = join(folder, 'live')
    const hasEvents = (): boolean => existsSync(logs) && Object.keys(eventsIn(logs)).length > 1
    const name = await killed(hasEvents, '--tensorboard', 'live')
    const resumed = await assay(folder, 'resume', name, '--tensorboard', 'live', '--watch', 'none')
    expect({ code: resumed.code, stderr: resumed.stderr }).toEqual({ code: 0, stderr: '' })
    const { code } = await assay(folder, 'export', name, '--tensorboard', 'later')
    expect(code).toBe(0)
    const live = eventsIn(logs)
    expect(live).toEqual(eventsIn(join(folder, 'later')))
    expect(Object.keys(live).sort()).toEqual([`${name}/test`, `${name}/train`, `${name}/validation`])
  }, 240_000)
})

describe('assay run --mlflow', () => {
  let server: MlflowServer
  beforeAll(async () => {
    server = await mlflowServer()
  })
  afterAll(() => server.close())

  it('after a kill and a resume has each value of the run once', async () => {
    const hasMetrics = (): boolean => (server.runs.get('run1')?.metrics.length ?? 0) > 0
    const name = await killed(hasMetrics, '--mlflow', server.uri, '--mlflow-experiment', 'stripes')
    expect(server.runs.get('run1')).toMatchObject({ experiment: 'stripes', name, status: 'RUNNING' })
    const { code, stderr } = await assay(folder, 'resume', name, '--mlflow', server.uri, '--watch', 'none')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const log = lines(readFileSync(join(folder, 'runs', name, 'metrics.jsonl'), 'utf8')).map((line) => JSON.parse(line))
    const names = new Map([['batchLoss', 'batch_loss']])
    const wanted = log
      .filter(({ name: metric, step }) => metric !== 'batchLoss' || step % 2 === 0)
      .map(({ name: metric, split, step, value }) => [`${names.get(metric) ?? metric}/${split}`, step, value])
    const run = server.runs.get('run1')
    const order = ([key, step]: readonly unknown[]) => `${key} ${String(step).padStart(9)}`
    const sorted = (points: readonly (readonly unknown[])[]) =>
      points.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
    expect(sorted(run?.metrics.map(({ key, step, value }) => [key, step, value]) ?? [])).toEqual(sorted(wanted))
    expect(run?.status).toBe('FINISHED')
    expect(server.runs.size).toBe(1)
  }, 240_000)

  it('tells of a failed run', async () => {
    const { code } = await assay(folder, 'run', ...SHORT, '--mlflow', server.uri, '--set', 'optimizer.lr=1e30')
    expect(code).toBe(1)
    expect([...server.runs.values()].at(-1)?.status).toBe('FAILED')
  })

  it('is one error before training where no server is, and a warning where it goes away', async () => {
    const before = await runFolders(folder)
    const refused = await assay(folder, 'run', ...SHORT, '--mlflow', 'http://127.0.0.1:9')
    expect(refused.code).toBe(2)
    expect(lines(refused.stderr)).toEqual([expect.stringMatching(/^error: --mlflow: the server .* cannot be used/)])
    expect(await runFolders(folder)).toEqual(before)
    const leaving = await mlflowServer()
    const running = start(folder, 'run', fixture('long.ts'), '--mlflow', leaving.uri)
    await running.said('train loss')
    await leaving.close()
    const { code, stdout, stderr } = await running.ended
    expect(code).toBe(0)
    expect(stderr).toContain('is away')
    expect(stderr).toMatch(/lacks \d+ values of this run/)
    expect(stdout).toContain('Test accuracy')
  }, 240_000)
})
