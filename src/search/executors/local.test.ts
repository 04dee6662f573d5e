import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Crew } from './executor.ts'
import { local } from './local.ts'

let folder = ''
let crew: Crew | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-local-'))
  crew = undefined
  appendFileSync(starts(), '')
})
afterEach(async () => {
  await crew?.cancel()
  rmSync(folder, { recursive: true })
})
const starts = () => join(folder, 'starts')
const count = () => readFileSync(starts(), 'utf8').length

/** Workers that note that they were started, and then do this. */
const executor = (code: string) =>
  local(({ folder: of }) => [
    process.execPath,
    '-e',
    `require('node:fs').appendFileSync(${JSON.stringify(join(of, 'starts'))}, '.'); ${code}`,
  ])
const job = (workers: number) => ({ folder, workers, threads: 1, memory: 512 })

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(10)
}
const ended = async (of: Crew) => (await of.status()).running === 0

it('starts as many as are asked for, which end when they are done', async () => {
  crew = await executor('').submit(job(2))
  expect((await crew.status()).running).toBe(2)
  const own = crew
  await until(() => ended(own))
  expect([count(), await crew.status()]).toEqual([2, { running: 0, waiting: 0, failures: [] }])
})

it('starts another where one has taken too much memory', async () => {
  crew = await executor(
    `process.exit(require('node:fs').readFileSync(${JSON.stringify(join(folder, 'starts'))}).length < 3 ? 75 : 0)`,
  ).submit(job(1))
  const own = crew
  await until(() => ended(own))
  expect([count(), (await crew.status()).failures]).toEqual([3, []])
})

it.each<[string, string, number, string]>([
  ['that die, five times', `process.kill(process.pid, 'SIGKILL')`, 5, 'a worker ended with SIGKILL'],
  ['that fail, five times', `console.error('it is broken'); process.exit(1)`, 5, 'it is broken'],
  ['that cannot work on the study, not again', `console.error('no study'); process.exit(2)`, 1, 'no study'],
])('starts those %s', async (_, code, times, said) => {
  crew = await executor(code).submit(job(1))
  const own = crew
  await until(() => ended(own))
  expect([count(), (await crew.status()).failures]).toEqual([times, Array(times).fill(said)])
})

it('goes on starting those that get something done', async () => {
  const code = `process.send('ended', () => process.exit(require('node:fs').readFileSync(${JSON.stringify(join(folder, 'starts'))}).length < 8 ? 1 : 0))`
  crew = await executor(code).submit(job(1))
  const own = crew
  await until(() => ended(own))
  expect([count(), (await crew.status()).failures.length]).toEqual([8, 7])
})

it('ends them on request, and says so to the next', async () => {
  const waiting = executor('setInterval(() => {}, 1000)')
  crew = await waiting.submit(job(2))
  await until(() => count() === 2)
  await expect(waiting.submit(job(1))).rejects.toThrow(
    `process ${process.pid} on ${hostname()} is at work on ${folder}`,
  )
  expect(await (await waiting.find(folder))?.status()).toMatchObject({ running: 2 })
  await crew.cancel()
  expect([await crew.status(), await waiting.find(folder)]).toEqual([
    { running: 0, waiting: 0, failures: [] },
    undefined,
  ])
  expect(existsSync(join(folder, 'local.json'))).toBe(false)
})

it('takes a study over from a process that is gone, and leaves one on another machine alone', async () => {
  const of = (pid: number, host: string) =>
    writeFileSync(join(folder, 'local.json'), JSON.stringify({ process: { pid, host }, workers: 3 }))
  of(process.pid, 'elsewhere')
  await expect((await executor('').find(folder))?.cancel()).rejects.toThrow(`cancel it there`)
  await expect(executor('').submit(job(1))).rejects.toThrow('on elsewhere is at work')
  of(2 ** 22 + 1, hostname())
  expect(await executor('').find(folder)).toBeUndefined()
  crew = await executor('').submit(job(1))
  const own = crew
  await until(() => ended(own))
  expect(count()).toBe(1)
})

it('says what could not be started', async () => {
  crew = await local(() => [join(folder, 'nothing')]).submit(job(1))
  const own = crew
  await until(() => ended(own))
  expect((await crew.status()).failures).toEqual([expect.stringContaining('ENOENT')])
})
