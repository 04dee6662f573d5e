import type { InferenceSession } from 'onnxruntime-common'
import { decodeModel } from '../onnx/proto.ts'

/** `navigator.gpu` alone says little: browsers on machines without a usable GPU have it too, and give no adapter. */
export async function hasGpu(): Promise<boolean> {
  const adapter: GPUAdapter | null | undefined = await navigator.gpu?.requestAdapter()
  return adapter !== null && adapter !== undefined
}

/**
 * ONNX Runtime's GPU provider, set so that every op of the table comes out right (onnxruntime-web 1.30). In the layout that
 * it prefers, NHWC, gradients of grouped convolutions by their weights are wrong. It claims pools that give positions and
 * batch normalisation in training, and refuses to run them; WebAssembly does.
 */
export function gpuProvider(model: Uint8Array): InferenceSession.WebGpuExecutionProviderOption {
  const { node } = decodeModel(model).graph
  const refused = node.filter(({ opType, output }) => CLAIMED_IN_VAIN.has(opType) && output.length > 1)
  const forceCpuNodeNames = refused.map(({ name }) => name).filter((name) => name !== '')
  // ONNX Runtime takes no empty list.
  return { name: 'webgpu', preferredLayout: 'NCHW', ...(forceCpuNodeNames.length > 0 && { forceCpuNodeNames }) }
}

const CLAIMED_IN_VAIN: ReadonlySet<string> = new Set(['MaxPool', 'BatchNormalization'])
