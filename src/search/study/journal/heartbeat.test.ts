import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { heartbeat } from './heartbeat.ts'

let folder = ''
const own = () => join(folder, 'me')
/** Makes a worker's file look an hour old. */
const age = (path: string) => utimesSync(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600)
const isFresh = (path: string) => Date.now() - statSync(path).mtimeMs < 1_800_000
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-beat-'))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

it('is renewed while it is to go on, four times in a grace period', () => {
  const life = heartbeat(folder, 'me', 60_000)
  life.beat()
  life.keep(true)
  age(own())
  vi.advanceTimersByTime(14_000)
  expect(isFresh(own())).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(isFresh(own())).toBe(true)
  life.keep(false)
  age(own())
  vi.advanceTimersByTime(600_000)
  expect(isFresh(own())).toBe(false)
})

it('beats no more often than it must', () => {
  const life = heartbeat(folder, 'me', 60_000)
  life.beat()
  age(own())
  life.beat()
  expect(isFresh(own())).toBe(false)
})

it('compares with its own file, not with the machine’s clock', () => {
  const life = heartbeat(folder, 'me', 60_000)
  const [young, old] = ['young', 'old'].map((name) => join(folder, name))
  if (!young || !old) throw new Error('no path')
  for (const path of [young, old]) writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere' }))
  age(old)
  for (const clock of [0, Date.now() + 1e9]) {
    vi.spyOn(Date, 'now').mockReturnValue(clock)
    expect([life.isLost('young'), life.isLost('old')]).toEqual([false, true])
    vi.restoreAllMocks()
  }
})

it('never takes itself, nor a process of this machine that is there, for lost', () => {
  const life = heartbeat(folder, 'me', 60_000)
  const other = join(folder, 'other')
  writeFileSync(other, JSON.stringify({ pid: process.pid, host: hostname() }))
  age(other)
  expect([life.isLost('me'), life.isLost('other'), life.isLost('nobody')]).toEqual([false, false, true])
})
