/** A worker that runs samples of every op, and tells how far the page's runtime is from the float64 reference. */
import { interpret } from 'assay/runtime'
import { type WebExecutionProvider, webRuntime } from 'assay/runtime/web'
import { type Argument, doublesOf, runIn, type TensorFunction, trace } from '../../src/testing/functions.ts'
import { argumentsOf, orders, samples } from '../../src/testing/samples.ts'

/** One sample: the op, its gradient, and the gradient's. */
export interface Finding {
  readonly sample: string
  /** Largest difference of each of the three, as a share of the numbers' scale (at least 1), or what was thrown. */
  readonly differences: readonly (number | string)[]
}

addEventListener('message', async ({ data: provider }: MessageEvent<WebExecutionProvider>) => {
  const runtime = webRuntime({ wasmPaths: '/ort/', executionProviders: [provider] })
  for (const [sample, [fn, ...shapes]] of Object.entries(samples)) {
    const differences: (number | string)[] = []
    for (const order of orders(fn)) differences.push(await difference(order, argumentsOf(shapes)).catch(String))
    postMessage({ sample, differences } satisfies Finding)
  }
  postMessage(null)

  async function difference(order: TensorFunction, given: readonly Argument[]): Promise<number> {
    const graph = trace(order, given)
    if (graph.outputs.length === 0) return 0
    const expected = interpret(graph, doublesOf(given))
    const found = await runIn(runtime, graph, given)
    return Math.max(...expected.map(({ data }, i) => distance(found[i]?.data ?? [], data)))
  }
})

function distance(found: ArrayLike<number>, expected: Float64Array): number {
  const scale = expected.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  )
  return expected.reduce((largest, value, i) => {
    const got = found[i] ?? Number.NaN
    // NaN where a number should be counts as infinitely far.
    const apart = Object.is(got, value) ? 0 : Math.abs(got - value) / scale
    return Math.max(largest, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart)
  }, 0)
}
