import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manifestOf } from '../testing/manifest.ts'
import { createRun, distinctions, groupRuns, type NewManifest, openRuns, type Run, settingText } from './index.ts'

type Changes = Partial<NewManifest> & { readonly status?: 'finished' | 'interrupted'; readonly createdAt?: string }

const of = (name: string, seed: number, { status = 'finished', createdAt, ...changes }: Changes = {}): Run => ({
  id: `${name}-s${seed}-${createdAt ?? ''}`,
  folder: `/runs/${name}-s${seed}`,
  manifest: {
    ...manifestOf(name, seed),
    ...changes,
    version: 1,
    id: `${name}-s${seed}`,
    status,
    pid: 1,
    createdAt: createdAt ?? `2026-11-21T10:00:0${seed}.000Z`,
  },
})
const at = (lr: number, more = {}) => ({ optimizer: { kind: 'sgd', lr }, seeds: [0, 1], ...more })

describe('groupRuns', () => {
  it('puts runs together that differ only in seed, whatever seeds were listed', () => {
    const groups = groupRuns([
      of('net', 1, { experiment: at(0.1, { seeds: [1] }) }),
      of('net', 0, { experiment: at(0.1) }),
      of('other', 0, { experiment: at(0.1) }),
    ])
    expect(groups.map(({ label, runs }) => [label, runs.map(({ manifest }) => manifest.seed)])).toEqual([
      ['net', [0, 1]],
      ['other', [0]],
    ])
    expect(groups[0]?.id).toMatch(/^net-[0-9a-f]{8}$/)
  })

  it('takes of repeats of a seed the newest that finished', () => {
    const [group] = groupRuns([
      of('net', 0, { status: 'interrupted', createdAt: '2026-11-21T12:00:00.000Z' }),
      of('net', 0, { createdAt: '2026-11-21T11:00:00.000Z' }),
      of('net', 0, { createdAt: '2026-11-21T10:00:00.000Z' }),
    ])
    expect(group?.runs.map(({ manifest }) => manifest.createdAt)).toEqual(['2026-11-21T11:00:00.000Z'])
  })

  it('keeps apart what was trained on other data', () => {
    const data = { ...manifestOf().data, fingerprint: { train: 'ffff0000aaaa', test: 'b2' } }
    const groups = groupRuns([of('net', 0), of('net', 1, { data })])
    expect(groups.map(({ label }) => label)).toEqual(['data a1', 'data ffff0000'])
  })

  it('tells groups of one name apart by their settings, in the order in which they were begun', () => {
    const groups = groupRuns([of('net', 2, { experiment: at(0.01) }), of('net', 1, { experiment: at(0.1) })])
    expect(groups.map(({ label }) => label)).toEqual(['lr 0.1', 'lr 0.01'])
  })

  it('tells no more of many settings than it takes', () => {
    const all = (n: number) => ({ a: 1 + (n % 2), b: n, c: n, d: n, e: n })
    const groups = groupRuns([2, 1, 0].map((n) => of('net', n, { experiment: all(n) })))
    expect(groups.map(({ label }) => label)).toEqual(['a 1, b 0', 'a 2, b 1', 'a 1, b 2'])
  })

  it('prefers what their grid calls them, and gives the id where nothing else is short enough', () => {
    const grid = (labels: Record<string, string>) => ({ grid: { name: 'rates', labels } })
    const cells = groupRuns([
      of('net', 2, { experiment: at(0.01), ...grid({ lr: 'low', depth: '2' }) }),
      of('net', 1, { experiment: at(0.1), ...grid({ lr: 'high', depth: '2' }) }),
    ])
    expect(cells.map(({ label }) => label)).toEqual(['lr high', 'lr low'])
    const mixed = groupRuns([of('net', 2, { experiment: at(1) }), of('net', 1, { experiment: at(2) }), of('other', 0)])
    expect(mixed.map(({ label }) => label)).toEqual(['other', 'net (lr 2)', 'net (lr 1)'])
    const long = groupRuns([
      of('net', 1, { experiment: { note: 'x'.repeat(30) } }),
      of('net', 2, { experiment: { note: 'y'.repeat(30) } }),
    ])
    expect(long.map(({ label, id }) => label === id)).toEqual([true, true])
  })
})

describe('distinctions', () => {
  it('looks inside what is of one kind, and takes the rest whole', () => {
    const layers = (units: number) => ({ kind: 'Sequential', children: { 0: { kind: 'Linear', units } } })
    const more = { kind: 'Sequential', children: { 0: { kind: 'Linear', units: 4 }, 1: { kind: 'ReLU' } } }
    expect(distinctions([{ model: layers(4) }, { model: layers(8) }])).toEqual([
      { path: 'model.children.0.units', values: [4, 8] },
    ])
    const [whole] = distinctions([{ model: layers(4) }, { model: more }])
    expect([whole?.path, settingText(whole?.values[1])]).toEqual(['model', 'Linear(4) → ReLU'])
    expect(distinctions([{ epochs: 1 }, {}, { epochs: 1 }])).toEqual([{ path: 'epochs', values: [1, undefined, 1] }])
    expect(distinctions([{ by: { kind: 'sgd', lr: 1 } }, { by: { kind: 'adam', lr: 1 } }])).toHaveLength(1)
  })
})

describe('openRuns', () => {
  let root: string
  const ids: string[] = []
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'assay-groups-'))
    for (const [lr, seed] of [
      [0.1, 0],
      [0.1, 1],
      [0.01, 0],
    ] as const) {
      const grid = { name: 'rates', labels: { lr: String(lr) } }
      const run = await createRun(root, { ...manifestOf('My net', seed), experiment: at(lr), grid })
      await run.finish('finished')
      ids.push(run.id)
    }
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const labels = async (...references: string[]) =>
    (await openRuns(root, references)).groups.map(({ label, runs }) => `${label}: ${runs.length}`)

  it('takes names, slugs, grids, ids of groups and runs', async () => {
    const both = ['lr 0.1: 2', 'lr 0.01: 1']
    for (const reference of ['My net', 'my-net', 'rates', 'grid:rates']) expect(await labels(reference)).toEqual(both)
    const { groups } = await openRuns(root, ['rates'])
    expect(await labels(groups[1]?.id ?? '')).toEqual(['My net: 1'])
    for (const reference of [ids[0] ?? '', (ids[0] ?? '').slice(0, -1), join(root, ids[0] ?? '')])
      expect(await labels(reference)).toEqual(['My net: 1'])
    expect(await labels('latest')).toHaveLength(1)
  })

  it('keeps runs that are named one by one apart, by seed where only that differs', async () => {
    expect(await labels(ids[0] ?? '', ids[1] ?? '')).toEqual(['seed 0: 1', 'seed 1: 1'])
    const group = (await openRuns(root, ['rates'])).groups[0]?.id ?? ''
    expect(await labels(ids[0] ?? '', group)).toEqual(['seed 0: 1', '2 seeds: 2'])
    expect(await labels(ids[0] ?? '', ids[2] ?? '')).toEqual(['lr 0.1: 1', 'lr 0.01: 1'])
  })

  it('says what is near where nothing fits', async () => {
    await expect(labels('My nest')).rejects.toThrow('"My nest" is no run, experiment or grid')
    await expect(labels('My nest')).rejects.toThrow('did you mean "My net"? It holds My net, grid:rates')
    await expect(labels('my-net-s')).rejects.toThrow('fits 3 runs')
    await expect(labels('')).rejects.toThrow('is no run')
  })

  it('names damaged folders that may have been of these groups', async () => {
    const run = await createRun(root, { ...manifestOf('My net', 5), experiment: at(7) })
    await run.finish('finished')
    writeFileSync(join(run.folder, 'manifest.json'), '{')
    const { damaged } = await openRuns(root, ['rates'])
    expect(damaged.map(({ reason }) => reason)).toEqual([expect.stringContaining('is not JSON')])
    await expect(labels(run.id)).rejects.toThrow('is not JSON')
    rmSync(run.folder, { recursive: true })
  })
})
