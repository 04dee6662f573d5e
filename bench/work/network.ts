import { z } from 'zod'

/**
 * One piece of a network, in words that every peer has for it. Sizes of inputs are worked out, outputs are said. Images are
 * square.
 */
export type Part =
  | { readonly kind: 'linear'; readonly outputs: number }
  | {
      readonly kind: 'conv'
      readonly channels: number
      readonly kernel: number
      readonly stride: number
      readonly padding: number
      readonly bias: boolean
    }
  | { readonly kind: 'maxPool'; readonly size: number }
  /** A global average pool leaves one number a channel, without height and width. */
  | { readonly kind: 'relu' | 'batchNorm' | 'globalAveragePool' | 'flatten' }
  /** `body(x) + shortcut(x)`; an empty shortcut is the identity. */
  | { readonly kind: 'residual'; readonly body: readonly Part[]; readonly shortcut: readonly Part[] }

const size = z.number().int().positive()

export const partSchema: z.ZodType<Part> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('linear'), outputs: size }),
    z.object({
      kind: z.literal('conv'),
      channels: size,
      kernel: size,
      stride: size,
      padding: z.number().int().min(0),
      bias: z.boolean(),
    }),
    z.object({ kind: z.literal('maxPool'), size }),
    z.object({ kind: z.enum(['relu', 'batchNorm', 'globalAveragePool', 'flatten']) }),
    z.object({ kind: z.literal('residual'), body: z.array(partSchema), shortcut: z.array(partSchema) }),
  ]),
)

export const linear = (outputs: number): Part => ({ kind: 'linear', outputs })
export const relu: Part = { kind: 'relu' }
export const batchNorm: Part = { kind: 'batchNorm' }
export const flatten: Part = { kind: 'flatten' }
export const globalAveragePool: Part = { kind: 'globalAveragePool' }
export const maxPool = (size: number): Part => ({ kind: 'maxPool', size })
export const conv = (
  channels: number,
  kernel: number,
  { stride = 1, padding = 0, bias = true }: { stride?: number; padding?: number; bias?: boolean } = {},
): Part => ({ kind: 'conv', channels, kernel, stride, padding, bias })

/** Linear layers of these sizes with ReLU between them. */
export const dense = (...sizes: readonly number[]): Part[] =>
  sizes.flatMap((outputs, i) => (i === 0 ? [linear(outputs)] : [relu, linear(outputs)]))
