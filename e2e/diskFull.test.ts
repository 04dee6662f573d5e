import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decodeSafetensors } from '../src/nn/index.ts'
import { assay, fixture, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
let isMounted = false
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  await mkdir(join(folder, 'runs'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', join(folder, 'runs')])
  isMounted = status === 0
})
afterAll(async () => {
  if (isMounted) spawnSync('umount', [join(folder, 'runs')])
  await remove()
})

it('a full disk ends a run with a clear error and an intact last checkpoint, from which it goes on', async ({
  skip,
}) => {
  if (!isMounted) return skip('a small disk can be mounted by root on Linux alone')
  // So long that the disk is full before its end on a fast machine, too.
  const long = [fixture('long.ts'), '--set', 'epochs=250', '--set', 'earlyStopping.patience=1200']
  const running = start(folder, 'run', ...long, '--checkpoint-every', '0.05')
  await running.said('training samples')
  await new Promise((done) => setTimeout(done, 700))
  const filler = join(folder, 'runs', '.filler')
  await writeFile(filler, Buffer.alloc(8 * 2 ** 20)).catch((error: NodeJS.ErrnoException) =>
    expect(error.code).toBe('ENOSPC'),
  )
  const { code, stderr } = await running.ended
  expect(stderr).toMatch(/failed: the disk that holds .+ is full: make room, then go on with assay resume \S+\n$/)
  expect(code).toBe(1)
  const [name = ''] = (await readdir(join(folder, 'runs'))).filter((one) => !one.startsWith('.'))
  const run = join(folder, 'runs', name)
  const { metadata } = decodeSafetensors(await readFile(join(run, 'checkpoints/last.safetensors')))
  expect(Number(metadata.step)).toBeGreaterThan(0)
  const leftovers = (await readdir(run, { recursive: true })).filter((path) => /\.\d{6,}$/.test(path))
  expect(leftovers).toEqual([])

  await rm(filler)
  const resumed = await assay(folder, 'resume', name, '--json')
  expect(resumed.stderr).toBe('')
  const whole = await assay(folder, 'run', ...long, '--json', '--runs', 'elsewhere')
  const weightsOf = (stdout: string): unknown => JSON.parse(stdout).runs[0].weights
  expect(weightsOf(resumed.stdout)).toBe(weightsOf(whole.stdout))
}, 120_000)
