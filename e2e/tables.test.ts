import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, fixture, runFolders, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

/** Two hundred rows with a BOM, quotes, gaps and, with `broken`, three lines in a hundred that cannot be read. */
function people(broken: boolean): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    if (broken && i % 33 === 5) return `${i},too few`
    const age = i % 11 === 3 ? '' : 20 + ((i * 7) % 60)
    return `"${['Rome', 'Oslo, NO', 'say ""Bonn""'][i % 3]}",${age},${i % 2 === 0 ? 'true' : 'false'},${(i * 7) % 60 > 30 ? 'yes' : 'no'}`
  })
  return `\uFEFFcity,age,member,ill\n${rows.join('\n')}\n`
}

const read = async (run: string, file: string): Promise<unknown> => JSON.parse(await readFile(join(run, file), 'utf8'))

describe('assay run on a table', () => {
  it('trains, says what was left out, and keeps division, encoding and that list', async () => {
    await writeFile(join(folder, 'people.csv'), people(true))
    const { code, stderr, stdout } = await assay(folder, 'run', fixture('people.ts'))
    expect(stderr).toContain(
      'left out of the data: 6 (line 7 of people.csv: 2 cells for 4 columns; line 40 of people.csv: 2 cells for 4 columns; ' +
        'line 73 of people.csv: 2 cells for 4 columns; …); all are in the run’s left-out.json',
    )
    expect(code).toBe(0)
    expect(stdout).toContain('Test accuracy')
    const [name = ''] = await runFolders(folder)
    const run = join(folder, 'runs', name)
    expect(z.array(z.unknown()).parse(await read(run, 'left-out.json'))).toHaveLength(6)
    expect(await read(run, 'split.json')).toMatchObject({ samples: 155, train: expect.any(String) })
    expect(await read(run, 'encoding.json')).toMatchObject({
      features: [
        { as: 'oneHot', column: 'city', categories: ['Oslo, NO', 'Rome', 'say "Bonn"'] },
        { as: 'number', column: 'age' },
        { as: 'number', column: 'member' },
      ],
      target: { task: 'classification', column: 'ill', classes: ['no', 'yes'] },
    })
    const shown = await assay(folder, 'show', 'latest')
    expect(shown.stdout).toContain('6 left out (left-out.json)')
  }, 120_000)

  it('names the nearest column where the target is misspelt, and ends with wrong use', async () => {
    await writeFile(join(folder, 'people.csv'), people(false).replace('ill', 'sick'))
    const { code, stderr } = await assay(folder, 'run', fixture('people.ts'))
    expect(code).toBe(2)
    expect(stderr).toContain('people.csv has no column "ill"')
  }, 60_000)
})
