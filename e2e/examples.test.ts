import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, example, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const outcome = z.object({ runs: z.array(z.object({ status: z.string(), test: z.object({ accuracy: z.number() }) })) })

// Each example is an acceptance test: it must reach what its text promises.
it.for([
  ['mnist-convnet.ts', 0.988],
  ['fashion-mnist-dense.ts', 0.88],
  ['fashion-mnist-convnet.ts', 0.9],
  ['custom-layer.ts', 0.96],
  ['deep-and-narrow.ts', 0.55],
  ['shipwreck.ts', 0.78],
] as const)('%s reaches a test accuracy of %d', { timeout: 600_000 }, async ([file, atLeast], { skip }) => {
  if (file.startsWith('fashion') && !existsSync('/usr/share/datasets/fashion-mnist'))
    skip('Fashion-MNIST is not installed: apt-get install dataset-fashion-mnist')
  const { code, stdout, stderr } = await assay(folder, 'run', example(file), '--json')
  expect(stderr).toBe('')
  expect(code).toBe(0)
  for (const { status, test } of outcome.parse(JSON.parse(stdout)).runs) {
    expect(status).toBe('finished')
    expect(test.accuracy).toBeGreaterThanOrEqual(atLeast)
  }
})

it('the first experiment of the README runs as it stands there', async () => {
  const readme = await readFile(resolve(import.meta.dirname, '../README.md'), 'utf8')
  const [, code] = /```ts\n\/\/ first\.ts\n(.*?)```/s.exec(readme) ?? []
  if (code === undefined) throw new Error('the README has no first.ts')
  // As an installed package would lie: node_modules/assay beside the file.
  await mkdir(join(folder, 'node_modules'))
  await symlink(resolve(import.meta.dirname, '..'), join(folder, 'node_modules/assay'), 'dir')
  await writeFile(join(folder, 'first.ts'), code)
  const { code: exit, stdout, stderr } = await assay(folder, 'run', 'first.ts', '--json')
  expect(stderr).toBe('')
  expect(exit).toBe(0)
  expect(outcome.parse(JSON.parse(stdout)).runs[0]?.test.accuracy).toBeGreaterThan(0.95)
}, 120_000)
