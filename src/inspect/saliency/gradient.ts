import type { Explained, Question } from './explained.ts'

/**
 * How fast the output rises with each number of the sample, `[n, …sample]`, in outputs per unit of the data.
 *
 * Source: Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", arXiv:1312.6034 (2013).
 *
 * @example
 * const map = await gradient(await explained(network, variables, [1, 28, 28]), { data, outputs: Int32Array.of(7) })
 */
export const gradient = async (of: Explained, question: Question): Promise<Float32Array> =>
  (await of.slopes(question)).gradient

/**
 * The gradient times the sample: what each number adds to a network that is linear around the sample, counted from 0. What is 0 adds nothing,
 * as black does, so that the map shows the sample as much as the network.
 *
 * Source: Shrikumar et al., "Not just a black box", arXiv:1605.01713 (2016).
 */
export async function inputTimesGradient(of: Explained, question: Question): Promise<Float32Array> {
  const { gradient: slope } = await of.slopes(question)
  return slope.map((value, i) => value * (question.data[i] ?? 0))
}
