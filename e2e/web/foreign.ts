/** A worker that runs a foreign `.onnx` file on samples, and tells the logits or what is wrong. */
import { onnxModel } from 'assay/web'

export interface Question {
  readonly file: readonly number[]
  readonly samples: readonly number[]
}

export type Answer =
  | { readonly shape: readonly number[]; readonly data: readonly number[] }
  | { readonly error: string }

async function answer({ file, samples }: Question): Promise<Answer> {
  try {
    const model = await onnxModel(Uint8Array.from(file), { wasmPaths: '/ort/' })
    const { shape, data } = await model.predict(Float32Array.from(samples))
    await model.dispose()
    return { shape, data: [...data] }
  } catch (error) {
    return { error: String(error) }
  }
}

addEventListener('message', async ({ data }: MessageEvent<Question>) => postMessage(await answer(data)))
