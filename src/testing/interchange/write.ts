/** usage, after a build: node --conditions assay-source --import ./dist/cli/typescript.js src/testing/interchange/write.ts */
import { writeFileSync } from 'node:fs'
import { assayFiles, pathOf } from './interchange.ts'

for (const [name, bytes] of assayFiles()) writeFileSync(pathOf(name), bytes)
