import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const printed = z.object({
  run: z.string(),
  findings: z.array(z.object({ name: z.string(), sentence: z.string(), picture: z.string() })),
  notes: z.array(z.string()),
})

it('shows weights, activations and receptive fields of a run, beside their numbers', { timeout: 120_000 }, async () => {
  const recorded = ['--set', 'record.weights.everyEpochs=10']
  const { code, stderr } = await assay(folder, 'run', fixture('seeds.ts'), '--seed', '0', ...recorded)
  expect(code, stderr).toBe(0)
  const [run = ''] = await runFolders(folder)
  const look = async (...command: readonly string[]) => {
    const ended = await assay(folder, 'inspect', ...command, '--json')
    expect(ended.code, ended.stderr).toBe(0)
    const found = printed.parse(JSON.parse(ended.stdout))
    expect(found.run).toBe(run)
    return found
  }
  const namesOf = ({ findings }: z.infer<typeof printed>): string[] => findings.map(({ name }) => name)

  const weights = await look('weights', 'latest', '--draws', '2', '--shares', '0,0.5,1')
  expect(namesOf(weights)).toEqual([...['histograms', 'epochs', 'norms', 'spectra', 'ablation-loss', 'ablation-rmse']])
  expect(weights.findings[1]?.sentence).toMatch(/^Values of 4 weights at 5 times/)
  const inside = await readdir(join(folder, 'runs', run, 'figures', 'weights'))
  for (const end of ['svg', 'csv', 'txt', 'vl.json']) expect(inside).toContain(`spectra.${end}`)

  expect(namesOf(await look('activations', 'latest', '--layer', '1', '--units', '0,3'))).toEqual([
    ...['units', 'distributions', 'profile-1', 'profile-map-1'],
  ])
  const fields = await look('receptive-fields', run)
  expect(namesOf(fields)).toEqual(['mapped-0', 'mapped-2'])
  expect(fields.notes[0]).toContain('have no places')

  const wrong = await assay(folder, 'inspect', 'activations', 'latest', '--layer', '7')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('the model has no layer "7"')
})
