import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const schema = z.object({
  folder: z.string(),
  results: z.array(z.json()),
  scores: z.json(),
  pooled: z.json(),
  refit: z.object({ run: z.string(), how: z.string(), test: z.record(z.string(), z.number()) }).optional(),
})
const command = ['cv', fixture('long.ts'), '--folds', '3', '--epochs', '6', '--json']
const kept = async (out: string): Promise<string[]> => {
  const [name = ''] = await readdir(join(folder, out)).catch(() => [])
  return readdir(join(folder, out, name, 'fits')).catch(() => [])
}

/** Ends the command as soon as it has kept so many trainings. */
async function stopped(out: string, signal: NodeJS.Signals, after: number): Promise<number | null> {
  const running = start(folder, ...command, '--no-refit', '--out', out)
  const ended = running.ended
  while ((await kept(out)).filter((name) => name.endsWith('.safetensors')).length < after) await setTimeout(20)
  running.kill(signal)
  return (await ended).code
}

it('assay cv scores folds, trains on all data, and goes on after a signal and a kill', async () => {
  const whole = await assay(folder, ...command)
  expect(whole.stderr).toContain('3 to train with 3 programs: 3 alone, as earlyStopping is only for')
  expect(whole.code).toBe(0)
  const { refit, ...cv } = schema.parse(JSON.parse(whole.stdout))
  expect(cv.results).toHaveLength(3)
  expect((await readdir(cv.folder)).sort()).toEqual(['cv.json', 'folds.json', 'oof.parquet'])
  expect(refit?.how).toBe('on its own split, because its learning rate goes by when it stops')
  expect((await runFolders(folder)).filter((name) => !name.startsWith('.'))).toContain(refit?.run)
  const summary = z
    .object({ test: z.record(z.string(), z.object({ last: z.number() })) })
    .parse(JSON.parse(await readFile(join(folder, 'runs', refit?.run ?? '', 'summary.json'), 'utf8')))
  expect(refit?.test).toEqual(Object.fromEntries(Object.entries(summary.test).map(([name, { last }]) => [name, last])))

  expect(await stopped('again', 'SIGINT', 1)).toBe(130)
  expect(await stopped('again', 'SIGKILL', 2)).toBe(null)
  expect(await kept('again')).toHaveLength(2)
  const again = await assay(folder, ...command, '--no-refit', '--out', 'again')
  expect(again.stderr).toContain('2 trainings are there already; 1 to train')
  const { results, scores, pooled } = schema.parse(JSON.parse(again.stdout))
  expect({ results, scores, pooled }).toEqual({ results: cv.results, scores: cv.scores, pooled: cv.pooled })
  expect(await readdir(join(folder, 'again'))).toHaveLength(1)
  const [before, after] = await Promise.all(
    [cv.folder, join(folder, 'again', (await readdir(join(folder, 'again')))[0] ?? '')].map((one) =>
      readFile(join(one, 'folds.json'), 'utf8'),
    ),
  )
  expect(after).toBe(before)

  const wrong = await assay(folder, 'cv', fixture('long.ts'), '--strategy', 'grouped=patient')
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toContain('noisy-stripes has no columns beside its samples')
}, 240_000)
