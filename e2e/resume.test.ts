import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const outcomes = z.object({ runs: z.array(z.looseObject({ id: z.string(), folder: z.string(), weights: z.string() })) })

/** What a run came to, but for what tells one run from another. */
async function outcome(stdout: string) {
  const { runs } = outcomes.parse(JSON.parse(stdout))
  const [run] = runs
  if (run === undefined) throw new Error('there is no run')
  const { id, folder: at, seconds: _, times: __, report: ___, ...rest } = run
  const log = await readFile(join(at, 'metrics.jsonl'), 'utf8')
  const records = log
    .trim()
    .split('\n')
    .map((line) => ({ ...z.looseObject({}).parse(JSON.parse(line)), time: 0 }))
  const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8'))
  return { id, rest: { ...rest, records, configHash: manifest.configHash, status: manifest.status } }
}

/** Numbers from 0 to 1 that are the same in each run of the test. */
function* chances(seed: number): Generator<number, never> {
  for (let state = seed; ; state = (state * 48271) % 2147483647) yield state / 2147483647
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setTimeout(done, 20))
}

describe('assay resume', () => {
  it('after ten kills at chance steps ends where the unbroken run ends, bit for bit', async () => {
    // So long that ten kills come before its end on a fast machine, too.
    const long = [fixture('long.ts'), '--set', 'epochs=250', '--set', 'earlyStopping.patience=1200']
    const unbroken = await assay(folder, 'run', ...long, '--json')
    expect(unbroken.stderr).toBe('')
    const whole = await outcome(unbroken.stdout)

    const before = new Set(await runFolders(folder))
    const frequent = ['--checkpoint-every', '0.05']
    const chance = chances(20261121)
    const stoodAt: number[] = []
    let name = ''
    /** Lines of the log. */
    const standsAt = async (): Promise<number> => {
      name = (await runFolders(folder)).find((one) => !before.has(one)) ?? ''
      const log = await readFile(join(folder, 'runs', name, 'metrics.jsonl'), 'utf8').catch(() => '')
      return log.split('\n').length
    }
    for (let kill = 0; kill < 10; kill++) {
      const args = kill === 0 ? ['run', ...long] : ['resume', name]
      const running = start(folder, ...args, ...frequent)
      await running.said('training samples')
      // Some kills come before the first step, most in the middle of steps, however slow the machine is.
      if (kill % 3 > 0) await until(async () => (await standsAt()) > (stoodAt.at(-1) ?? 0))
      await new Promise((done) => setTimeout(done, 20 + 300 * chance.next().value))
      running.kill('SIGKILL')
      const { code } = await running.ended
      expect(code, `kill ${kill} came after the end of the training`).toBeNull()
      stoodAt.push(await standsAt())
    }
    expect(new Set(stoodAt).size).toBeGreaterThan(5)
    const { stdout, stderr } = await assay(folder, 'resume', name, '--json')
    expect(stderr).toBe('')
    const resumed = await outcome(stdout)
    expect(resumed.id).toBe(name)
    expect(resumed.rest).toEqual(whole.rest)
  }, 400_000)

  it('after Ctrl-C goes on with the step after, and says where', async () => {
    const running = start(folder, 'run', fixture('long.ts'))
    await running.said('training samples')
    await new Promise((done) => setTimeout(done, 600))
    running.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    const [, steps = ''] = /Interrupted after (\d+) steps/.exec(stdout) ?? []
    const [, name = ''] = /assay resume (\S+)/.exec(stdout) ?? []
    const resumed = await assay(folder, 'resume', name)
    expect(resumed.stderr).toContain(`going on after step ${Number(steps).toLocaleString('en')}`)
    expect(resumed.code).toBe(0)
    const again = await assay(folder, 'resume', name)
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('has finished')
  }, 120_000)

  it('refuses an experiment that has changed, and says in what', async () => {
    const path = join(folder, 'changing.ts')
    const text = await readFile(fixture('long.ts'), 'utf8')
    await writeFile(path, text)
    const running = start(folder, 'run', path)
    await running.said('training samples')
    running.kill('SIGTERM')
    const { stdout } = await running.ended
    const [, name = ''] = /assay resume (\S+)/.exec(stdout) ?? []
    await writeFile(path, text.replace('lr: 3e-3', 'lr: 4e-3').replace('dropout(0.3)', 'dropout(0.4)'))
    const manifest = await readFile(join(folder, 'runs', name, 'manifest.json'), 'utf8')
    const { code, stderr } = await assay(folder, 'resume', name)
    expect(code).toBe(2)
    expect(stderr).toContain('optimizer.lr: 0.003 is now 0.004')
    expect(stderr).toContain('model.children.6.p: 0.3 is now 0.4')
    expect(await readFile(join(folder, 'runs', name, 'manifest.json'), 'utf8')).toBe(manifest)
    await writeFile(path, `// A remark.\n${text}`)
    const remarked = await assay(folder, 'resume', name)
    expect(remarked.stderr).toContain('another text of the experiment’s file')
    expect(remarked.code).toBe(0)
  }, 120_000)
})
