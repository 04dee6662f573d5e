import { expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { relu } from '../../tensor/index.ts'
import { compileWith, spec } from '../compile.ts'
import { defaultRuntime } from '../runtime.ts'
import { nodeRuntime } from './node.ts'

it('is the default once loaded, and keeps ONNX Runtime from reporting use', () => {
  expect(defaultRuntime()).toBe(nodeRuntime)
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1')
})

it.each([0, -1, 1.5, Number.NaN])('says what number of threads it takes, and %s is none', async (threads) => {
  const program = compileWith({ threads }, relu, spec([2]))
  await expect(program).rejects.toThrow(UsageError)
  await expect(program).rejects.toThrow(`threads is ${threads}: give a whole number of at least 1, or leave it out`)
})
