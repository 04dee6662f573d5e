import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changedEntries, codeState, lockFileHash, machineState, versionState } from './index.ts'

let folder: string
let file: string
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, stdio: 'pipe' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-code-'))
  file = join(folder, 'experiment.ts')
  writeFileSync(file, 'one')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('codeState', () => {
  it('does without git', async () => {
    const state = await codeState(file)
    expect(Object.keys(state).sort()).toEqual(['file', 'fileHash'])
  })

  it('names the commit, and a hash of what it lacks', async () => {
    git('init', '-q')
    expect(await codeState(file)).not.toHaveProperty('commit') // nothing committed yet
    writeFileSync(join(folder, 'other.ts'), 'x')
    git('add', 'other.ts')
    git('commit', '-qm', 'first')
    const untracked = await codeState(file)
    expect(untracked.commit).toMatch(/^[0-9a-f]{40}$/)
    expect(untracked.dirty).toMatch(/^[0-9a-f]{64}$/)
    git('add', '.')
    git('commit', '-qm', 'second')
    const clean = await codeState(file)
    expect(clean).not.toHaveProperty('dirty')
    writeFileSync(file, 'two')
    const changed = await codeState(file)
    expect(changed.commit).toBe(clean.commit)
    expect(changed.dirty).not.toBe(untracked.dirty)
    expect(changed.fileHash).not.toBe(clean.fileHash)
  })
})

describe('the rest of the provenance', () => {
  it('finds the nearest lock file', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true })
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    expect(await lockFileHash(join(folder, 'a/b'))).toBe(
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    )
  })

  it('describes the machine and the versions', async () => {
    expect(machineState()).toMatchObject({ platform: process.platform, cores: expect.any(Number) })
    const versions = await versionState()
    expect(versions.node).toBe(process.versions.node)
    expect(versions.assay).toMatch(/^\d+\.\d+/)
    expect(versions.onnxruntime).toMatch(/^\d+\.\d+/)
  })

  it('says which entries have changed; what was not known before has not', () => {
    const before = { assay: '0.1.0', node: '20.19.0', cores: 2, gone: 'x', unknown: undefined }
    expect(changedEntries(before, { assay: '0.1.0', node: '22.1.0', cores: 4, unknown: 'y', more: 1 })).toEqual([
      ...['node 20.19.0, now 22.1.0', 'cores 2, now 4', 'gone x, now unknown'],
    ])
  })
})
