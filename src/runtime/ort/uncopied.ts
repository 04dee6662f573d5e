import { sizeOf, type Tensor } from '../../tensor/index.ts'

/**
 * onnxruntime-node writes outputs into the arrays that are given, and then makes a JavaScript tensor of each, with a copy of its numbers
 * that nobody looks at: 0.1 ms for 20,000 numbers, 4 ms for a million. It makes them in order and cannot make one of a sequence, so an
 * empty sequence as the first output ends it before it copies: docs/decisions/0014-uncopied-outputs.md.
 */
export const STOP = 'no_copies'

/** Numbers from which on copies cost more than the error. */
const DEAR = 2 ** 14

/** Whether copies of a program's outputs cost more than being stopped. */
export const isCopiedDearly = (outputs: readonly Tensor[]): boolean =>
  outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0) >= DEAR

/** What is thrown where the copies would begin: everything is computed and written. */
const SAID = 'Non tensor type is temporarily not supported'

/** Swallows the error that stands for being done; all others are thrown again. */
export function unlessStopped(error: unknown): void {
  if (!(error instanceof Error) || !error.message.startsWith(SAID)) throw error
}
