import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { toMarkdown } from '../markdown/toMarkdown.ts'
import type { Format } from './format.ts'

/** Markdown, and beside it the pictures that it shows. */
export const markdown: Format = {
  file: (name) => `${name}.md`,
  write: async (path, document) => {
    const { text, files } = toMarkdown(document)
    for (const [name, bytes] of files) {
      const file = join(dirname(path), name)
      await mkdir(dirname(file), { recursive: true })
      await writeFileAtomic(file, Buffer.from(bytes))
    }
    await writeFileAtomic(path, text)
    return {}
  },
}
