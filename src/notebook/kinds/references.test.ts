import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import '../register.ts'
import { DISPLAY, type MimeBundle } from '../../display.ts'
import { figure, type Reference, run, table } from '../../report/builders/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-shown-references-'))
afterAll(() => rmSync(root, { recursive: true }))

/** What a cell shows, in a folder with runs. */
function shown(reference: Reference): Promise<MimeBundle> {
  const show: unknown = Reflect.get(reference, DISPLAY)
  if (typeof show !== 'function') throw new Error(`${reference.expression} does not show itself`)
  return show.call(reference)
}

it('references show what they stand for, from the runs of the folder that the kernel runs in', async () => {
  writeRunFolder(join(root, 'runs'), finishedManifest('one', { name: 'one' }), [
    recordOf(1, 'train', 'loss', 0.5),
    recordOf(2, 'test', 'accuracy', 0.75),
  ])
  vi.spyOn(process, 'cwd').mockReturnValue(root)
  try {
    const value = await shown(run('one').test.accuracy)
    expect(value['text/plain']).toBe('75.00%  (one: test accuracy, of the weights that were tested)')
    const rows = await shown(table('runs', run('one')))
    expect([rows['text/plain'], rows['text/html']]).toEqual([
      expect.stringContaining('one'),
      expect.stringContaining('<table'),
    ])
    const curves = await shown(figure('curves', run('one'), { caption: 'Loss.' }))
    expect(curves['text/plain']).toContain('Loss.')
    expect(String(curves['text/html'] ?? curves['image/png'])).toMatch(/iVBOR/)
    await expect(shown(run('two').test.accuracy)).rejects.toThrow('it holds one')
  } finally {
    vi.restoreAllMocks()
  }
})
