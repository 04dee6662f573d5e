import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createOnce } from './createOnce.ts'

/** What the file system answers after it has made the link, or instead of making it. */
const answer = vi.hoisted(() => ({ code: undefined as string | undefined, links: true }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return {
    ...real,
    linkSync: (from: string, to: string) => {
      if (answer.links) real.linkSync(from, to)
      if (answer.code !== undefined) throw Object.assign(new Error(answer.code), { code: answer.code })
    },
  }
})

let folder = ''
const scratch = () => join(folder, 'scratch')
const path = () => join(folder, 'one')
beforeEach(() => {
  Object.assign(answer, { code: undefined, links: true })
  folder = mkdtempSync(join(tmpdir(), 'assay-once-'))
  mkdirSync(scratch())
})
afterEach(() => rmSync(folder, { recursive: true }))

it('creates a file once', () => {
  expect([createOnce(path(), 'a', scratch()), createOnce(path(), 'b', scratch())]).toEqual([true, false])
  expect(readFileSync(path(), 'utf8')).toBe('a')
  expect(readdirSync(scratch())).toEqual([])
})

it('knows its own file where the answer was lost and the question asked again', () => {
  answer.code = 'EEXIST'
  expect(createOnce(path(), 'a', scratch())).toBe(true)
  answer.links = false
  expect(createOnce(path(), 'b', scratch())).toBe(false)
  expect(readFileSync(path(), 'utf8')).toBe('a')
})

it('says where there are no hard links, and what else went wrong', () => {
  Object.assign(answer, { code: 'EPERM', links: false })
  expect(() => createOnce(path(), 'a', scratch())).toThrow('has no hard links (EPERM), which a study needs')
  answer.code = 'EIO'
  expect(() => createOnce(path(), 'a', scratch())).toThrow('EIO')
  expect(readdirSync(scratch())).toEqual([])
})
