import { expect, it } from 'vitest'
import { defaultRuntime } from '../runtime.ts'
import { nodeRuntime } from './node.ts'

it('is the default once loaded, and keeps ONNX Runtime from reporting use', () => {
  expect(defaultRuntime()).toBe(nodeRuntime)
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1')
})
