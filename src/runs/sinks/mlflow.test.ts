import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MlflowServer, mlflowServer } from '../../testing/mlflowServer.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { sinkRunOf } from '../../testing/sinkRun.ts'
import type { MetricRecord } from '../records.ts'
import { mlflowSink } from './mlflow.ts'
import { mlflowClient } from './mlflowClient.ts'
import { sendRun } from './send.ts'

let server: MlflowServer
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-'))
  server = await mlflowServer()
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const record = (split: string, name: string, step: number, value: number): MetricRecord => ({
  ...{ split, name, step, value, epoch: step / 10, time: step / 4 },
})
const quick = (uri: string, env: NodeJS.ProcessEnv = {}) => mlflowClient(uri, { env, pauses: [1, 1, 1] })
const warnings = () => {
  const said: string[] = []
  return { said, warn: (text: string) => said.push(text) }
}
const points = (run: string) => server.runs.get(run)?.metrics.map(({ key, step, value }) => [key, step, value])

describe('a run on an MLflow server', () => {
  it('has the settings as parameters and the metrics with their steps and times', async () => {
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    const { said, warn } = warnings()
    const sink = open(sinkRunOf(folder), warn)
    sink.write([record('train', 'batchLoss', 10, 0.5)])
    sink.write([record('train', 'loss', 10, 0.5), record('validation', 'accuracy', 10, Number.NaN)])
    await sink.end('finished')
    expect(said).toEqual([])
    const run = server.runs.get('run1')
    expect(run).toMatchObject({
      experiment: 'MNIST ConvNet',
      name: 'digits-s7-20261121-101502-ab12',
      status: 'FINISHED',
    })
    expect(run?.tags).toMatchObject({ 'mlflow.source.git.commit': '0123456789abcdef', 'assay.configHash': 'c0ffee00' })
    expect(Object.fromEntries(run?.params ?? [])).toEqual({
      'optimizer.kind': 'adam',
      'optimizer.lr': '0.001',
      'optimizer.betas': '[0.9,0.999]',
      'model.kind': 'sequential',
      'model.children.0.kind': 'linear',
      'model.children.0.features': '10',
      note: 'x'.repeat(500),
      seed: '7',
      'data.name': 'mnist',
      'data.train': '50000',
      'data.validation': '10000',
      'data.test': '10000',
      'model.parameters': '84097',
    })
    const timestamp = Date.parse('2026-11-21T10:15:02.000Z') + 2500
    expect(run?.metrics).toEqual([
      { key: 'batch_loss/train', step: 10, value: 0.5, timestamp },
      { key: 'loss/train', step: 10, value: 0.5, timestamp },
      { key: 'accuracy/validation', step: 10, value: 'NaN', timestamp },
    ])
    const link = await readFile(join(folder, 'mlflow.json'), 'utf8')
    expect(JSON.parse(link)).toEqual({ uri: server.uri, experimentId: '1', runId: 'run1' })
  })

  it('gets thousands of values a thousand at a time, and of very many steps only some', async () => {
    const open = await mlflowSink(server.uri, { experiment: 'digits', client: quick(server.uri) })
    const sink = open(sinkRunOf(folder, { steps: 6000 }), warnings().warn)
    const steps = Array.from({ length: 6000 }, (_, i) => i + 1)
    sink.write(steps.map((step) => record('train', 'batchLoss', step, 1)))
    sink.write(steps.slice(0, 1500).map((step) => record('validation', 'loss', step, 1)))
    await sink.end('interrupted')
    expect(server.runs.get('run1')).toMatchObject({ experiment: 'digits', status: 'KILLED' })
    const logged = points('run1') ?? []
    expect(logged).toHaveLength(2000 + 1500)
    expect(logged[1]).toEqual(['batch_loss/train', 6, 1])
    // One call for the parameters.
    expect(server.calls.filter((call) => call === 'runs/log-batch')).toHaveLength(1 + 4)
  })

  it('goes on when it is resumed, with what the server does not have and nothing twice', async () => {
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    const losses = [10, 20, 30, 40].map((step) => record('train', 'loss', step, 1 / step))
    open(sinkRunOf(folder), warnings().warn).write(losses.slice(0, 2))
    await expect.poll(() => points('run1')?.length).toBe(2)
    const resumed = open(sinkRunOf(folder, { records: losses.slice(0, 1) }), warnings().warn)
    resumed.write(losses.slice(1))
    await resumed.end('finished')
    expect([...server.runs.keys()]).toEqual(['run1'])
    expect(points('run1')).toEqual(losses.map(({ step, value }) => ['loss/train', step, value]))
    expect(server.runs.get('run1')?.status).toBe('FINISHED')
  })

  it('begins anew on another server, and where the server has forgotten it', async () => {
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    await open(sinkRunOf(folder), warnings().warn).end('interrupted')
    server.runs.set('other', { experiment: '', name: '', tags: {}, status: '', params: new Map(), metrics: [] })
    server.runs.delete('run1')
    await open(sinkRunOf(folder), warnings().warn).end('finished')
    expect([...server.runs.keys()]).toEqual(['other', 'run2'])
  })
})

describe('a server that is not as it should be', () => {
  it('is an error before training starts where it is not there, or not MLflow', async () => {
    const uri = 'http://127.0.0.1:9'
    await expect(mlflowSink(uri, { client: quick(uri) })).rejects.toThrow(
      /--mlflow: the server http:\/\/127.0.0.1:9 cannot be used \(.+\): start it/,
    )
    await expect(mlflowSink(server.uri, { client: quick(`${server.uri}/elsewhere`) })).rejects.toThrow(/404/)
    await expect(mlflowSink('file:mlruns')).rejects.toThrow(/--mlflow file:mlruns: give the address/)
  })

  it('is tried again where it has trouble', async () => {
    server.troubles.push(500, 429, 503)
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    const { said, warn } = warnings()
    const sink = open(sinkRunOf(folder), warn)
    server.troubles.push(503)
    sink.write([record('train', 'loss', 10, 1)])
    await sink.end('finished')
    expect(said).toEqual([])
    expect(points('run1')).toEqual([['loss/train', 10, 1]])
  })

  it('gets at the end what it missed while it was away', async () => {
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    const { said, warn } = warnings()
    const sink = open(sinkRunOf(folder), warn)
    await expect.poll(() => server.calls.includes('runs/log-batch')).toBe(true)
    server.troubles.push(500, 500, 500, 500)
    sink.write([record('train', 'loss', 10, 1)])
    await expect.poll(() => said).toEqual([expect.stringContaining('is away (it answers 500')])
    sink.write([record('train', 'loss', 20, 1)])
    await sink.end('finished')
    expect(points('run1')?.map(([, step]) => step)).toEqual([10, 20])
    expect(said).toHaveLength(1)
  })

  it('is warned of when it stays away, with how much it lacks', async () => {
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    const { said, warn } = warnings()
    const sink = open(sinkRunOf(folder), warn)
    await expect.poll(() => server.calls.includes('runs/log-batch')).toBe(true)
    await server.close()
    sink.write([record('train', 'loss', 10, 1), record('validation', 'loss', 10, 1)])
    await sink.end('finished')
    expect(said).toHaveLength(2)
    expect(said[0]).toContain('is away')
    expect(said[1]).toContain('lacks 2 values of this run')
  })
})

it('proves who asks as MLflow’s clients do, and keeps it out of the run', async () => {
  const { port } = new URL(server.uri)
  const withName = `http://ann:se%20cret@127.0.0.1:${port}`
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  for (const [uri, env] of [
    [withName, {}],
    [withName, { MLFLOW_TRACKING_USERNAME: 'bob', MLFLOW_TRACKING_PASSWORD: 'b' }],
    [server.uri, { MLFLOW_TRACKING_TOKEN: 't', MLFLOW_TRACKING_USERNAME: 'bob', MLFLOW_TRACKING_PASSWORD: 'b' }],
    [server.uri, {}],
  ] as const) {
    const open = await mlflowSink(uri, { client: quick(uri, env) })
    if (uri === withName) await open(sinkRunOf(folder), warnings().warn).end('finished')
  }
  const seen = server.authorizations.filter((one, i, all) => one !== all[i - 1])
  expect(seen).toEqual([basic('ann:se cret'), basic('bob:b'), 'Bearer t', undefined])
  expect(await readFile(join(folder, 'mlflow.json'), 'utf8')).not.toContain('ann')
})

describe('a run that is over', () => {
  it('is sent whole, with the time at which it ended, and the second time as it is there', async () => {
    const manifest = finishedManifest('later', { finishedAt: '2026-11-21T10:16:32.000Z' })
    const records = [record('train', 'loss', 10, 0.5), record('test', 'accuracy', 10, 0.75)]
    const run = { id: 'later', manifest, folder: writeRunFolder(folder, manifest, records) }
    const open = await mlflowSink(server.uri, { client: quick(server.uri), experiment: 'afterwards' })
    for (const _ of ['once', 'again']) {
      expect(await sendRun(open, run)).toEqual([])
      expect([...server.runs.keys()]).toEqual(['run1'])
      expect(server.runs.get('run1')).toMatchObject({
        experiment: 'afterwards',
        status: 'FINISHED',
        endTime: Date.parse('2026-11-21T10:16:32.000Z'),
      })
      expect(points('run1')).toEqual([
        ['loss/train', 10, 0.5],
        ['accuracy/test', 10, 0.75],
      ])
    }
  })

  it('that does not arrive is told of', async () => {
    const manifest = finishedManifest('later')
    const run = { id: 'later', manifest, folder: writeRunFolder(folder, manifest, [record('train', 'loss', 10, 0.5)]) }
    const open = await mlflowSink(server.uri, { client: quick(server.uri) })
    server.troubles.push(...Array.from({ length: 20 }, () => 503))
    const faults = await sendRun(open, run)
    expect(faults.at(-1)).toMatch(/lacks 1 values of this run/)
  })
})
