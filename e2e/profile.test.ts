import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writePngs, writeWavs } from '../src/testing/media.ts'
import { assay, fixture, scratch } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

/** Three hundred rows with a BOM, quotes, gaps, a column of mixed types, a copy, and three lines in a hundred that cannot be read. */
function people(): string {
  const rows = Array.from({ length: 300 }, (_, i) => {
    if (i % 33 === 5) return i % 2 === 0 ? `${i},too few` : `1,2,3,4,5,6,7`
    const row = i === 200 ? 0 : i
    const age = row % 11 === 3 ? '' : String(20 + ((row * 7) % 60))
    const size = row % 3 === 0 ? 'XL' : String(8 + (row % 5))
    return `"${['Rome', 'Oslo, NO', 'say ""Bonn""'][row % 3]}",${age},${row === 7 ? 9_999_999 : 1000 + row},${size},${(row * 7) % 60 > 30 ? 'yes' : 'no'}`
  })
  return `\uFEFFcity,age,income,size,label\n${rows.join('\n')}\n`
}

const schema = z.object({
  splits: z.array(z.object({ samples: z.number(), fields: z.array(z.looseObject({ name: z.string() })) })),
  duplicates: z.looseObject({ withinTrain: z.number() }),
  leftOut: z.array(z.object({ item: z.string(), reason: z.string() })),
  answers: z.array(z.object({ question: z.string(), answer: z.string() })).length(8),
  structure: z.looseObject({ sentences: z.array(z.string()), projections: z.array(z.unknown()) }).optional(),
})

describe('assay profile', () => {
  it('answers from a table with a BOM, quotes, gaps, mixed types and broken rows, and lists what it left out', async () => {
    await writeFile(join(folder, 'people.csv'), people())
    const { code, stdout, stderr } = await assay(
      folder,
      'profile',
      'people.csv',
      '--json',
      '--clusters',
      '--project',
      'pca',
    )
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const found = schema.parse(JSON.parse(stdout))
    expect(found.leftOut).toHaveLength(9)
    expect(found.leftOut[0]?.item).toMatch(/^line 7 of .*people\.csv$/)
    expect(found.splits[0]?.samples).toBe(291)
    const field = (name: string) => found.splits[0]?.fields.find((one) => one.name === name)
    expect(field('city')).toMatchObject({ type: 'text', unique: 3, missing: 0 })
    expect(field('age')).toMatchObject({ type: 'integer', missing: 27, min: 20, max: 79 })
    expect(field('income')).toMatchObject({ max: 9_999_999, outliers: { count: 1 } })
    expect(field('size')).toMatchObject({ type: 'text', note: expect.stringContaining('mixed') })
    expect(found.duplicates.withinTrain).toBe(1)
    expect(found.answers[1]?.answer).toContain('Binary classification')
    expect(found.structure?.sentences.join(' ')).toContain('k-means')
  }, 120_000)

  it('writes one page with figures inside, and the figures with their numbers', async () => {
    await writePngs(join(folder, 'pets'), { each: 8 })
    const { code, stdout } = await assay(folder, 'profile', 'pets', '--html', 'pages/pets.html', '--figures', 'out')
    expect(code).toBe(0)
    expect(stdout).toContain('cat/broken.png')
    expect(stdout).toContain('dog/cut.png')
    const page = await readFile(join(folder, 'pages', 'pets.html'), 'utf8')
    for (const text of ['Eight questions', 'dog/cut.png', '<svg', 'data:image/png;base64,'])
      expect(page).toContain(text)
    expect(page).not.toMatch(/(src|href)="http/)
    expect((await readdir(join(folder, 'out', 'figures'))).sort()).toEqual(
      ['class-balance', 'color-histogram', 'sample-means'].flatMap((name) => [
        `${name}.csv`,
        `${name}.svg`,
        `${name}.vl.json`,
      ]),
    )
  }, 120_000)

  it('draws sounds over time and frequency', async () => {
    await writeWavs(join(folder, 'words'), { each: 6 })
    const { code, stdout } = await assay(folder, 'profile', 'words', '--figures', 'sounds')
    expect(code).toBe(0)
    expect(stdout).toContain('low/broken.wav: it does not begin as a WAV file')
    const peaks = await readFile(join(folder, 'sounds', 'figures', 'spectra.csv'), 'utf8')
    const loudest = (name: string): number => {
      const rows = peaks
        .split('\n')
        .map((line) => line.split(','))
        .filter(([one]) => one === name)
      const [best] = rows.sort((a, b) => Number(b[2]) - Number(a[2]))
      return Number(best?.[1])
    }
    expect([loudest('low'), loudest('high')]).toEqual([250, 2000])
    expect(await readdir(join(folder, 'sounds', 'figures'))).toContain('spectrograms.svg')
  }, 120_000)

  it.each([
    ['no label', 'a\n1\n2\n', [], '2 rows', 'Not said'],
    ['another encoding', 'name,label\nJ\xf6rg,a\nS\xf8ren,b\n', ['--csv', 'encoding=latin-1'], '2 rows', 'Binary'],
    ['no header', '1,2\n3,4\n', ['--csv', 'header=false'], '2 rows', '2 columns: 2 of numbers.'],
    ['one class', 'a,label\n1,x\n2,x\n', [], '2 rows', 'nothing to tell apart'],
    ['one row, and no newline', 'a,label\n1,x', [], '1 row', 'too few to be divided'],
    ['a label without values', 'a,label\n1,\n2,\n', [], '2 rows', 'label (2, 100 %)'],
  ])(
    'answers from a table with %s',
    async (_, text, options, ...answers) => {
      await writeFile(join(folder, 'small.csv'), text, 'latin1')
      const { code, stdout, stderr } = await assay(folder, 'profile', 'small.csv', ...options)
      expect(stderr).toBe('')
      expect(code).toBe(0)
      for (const answer of answers) expect(stdout).toContain(answer)
    },
    120_000,
  )

  it.each([
    ['', 'is empty: give a file with a header'],
    ['a,b\n', 'has a header and no row'],
    ['a,b,a\n1,2,3\n', 'columns 1 and 3 of'],
    ['1,2\n3,4\n', 'looks like data (1, 2)'],
    ['name\nJ\xf6rg\n', 'it is not UTF-8'],
    ['a\0b\n1\n', 'holds bytes that are no text'],
    ['a,b\n1,2\n3\n', '1 of the 2 rows of'],
  ])(
    'refuses the table %j as wrong use',
    async (text, message) => {
      await writeFile(join(folder, 'odd.csv'), text, 'latin1')
      const { code, stderr } = await assay(folder, 'profile', 'odd.csv')
      expect(stderr).toContain(message)
      expect(code).toBe(2)
    },
    120_000,
  )

  it('reads JSON, and refuses what is none', async () => {
    await writeFile(
      join(folder, 'a.json'),
      JSON.stringify(Array.from({ length: 12 }, (_, i) => ({ n: i, tags: [i], label: i % 2 === 0 ? 'p' : 'q' }))),
    )
    const { code, stdout } = await assay(folder, 'profile', 'a.json', '--json')
    expect(code).toBe(0)
    const found = schema.parse(JSON.parse(stdout))
    expect(found.answers.map(({ answer }) => answer).slice(0, 6)).toEqual([
      '12 rows; there is no test split of its own.',
      'Binary classification: each row belongs to one of 2 classes. The column "label" was taken as the target for its name; say otherwise with --target.',
      '0 and 11; the mean is 5.5.',
      '2 columns beside the label: 1 of numbers, 1 of texts, categories or truth values.',
      'No value is missing, and all numbers are finite.',
      'label: p and q. Every class has 6 samples.',
    ])
    await writeFile(join(folder, 'b.json'), '{"a": 1')
    const broken = await assay(folder, 'profile', 'b.json')
    expect(broken.stderr).toContain('b.json cannot be read (Malformed JSON')
    expect(broken.code).toBe(2)
  }, 120_000)

  it('looks at the data of an experiment', async () => {
    const { code, stdout } = await assay(folder, 'profile', fixture('eleven-classes.ts'))
    expect(code).toBe(0)
    expect(stdout).toContain('60 images')
    expect(stdout).toContain('Classification: each image belongs to one of 11 classes.')
  }, 120_000)

  it.each([
    ['nothing', 'there is no "nothing": a known source is mnist'],
    ['people.csv --target agee', 'did you mean "age"?'],
    ['people.csv --project lda', 'give some of pca, umap, tsne'],
    ['mnist --target x', '--target, --test and --csv are for tables'],
  ])(
    'refuses "%s" as wrong use',
    async (args, message) => {
      const { code, stderr } = await assay(folder, 'profile', ...args.split(' '))
      expect(stderr).toContain(message)
      expect(code).toBe(2)
    },
    120_000,
  )
})
