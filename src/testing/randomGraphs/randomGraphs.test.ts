import fc from 'fast-check'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { topologicalOrder } from '../../autodiff/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { nodeRuntime } from '../../runtime/ort/node.ts'
import { ortRuntime } from '../../runtime/ort/session.ts'
import { simplify } from '../../runtime/simplify/index.ts'
import { operationTable } from '../../tensor/index.ts'
import { holdsFor } from '../arbitraries.ts'
import { disagreements, expectations, listing } from './agreement.ts'
import { graphFrom, recipes } from './index.ts'

const standardRuntime = ortRuntime('standard ONNX', ort, 'standard')

// Two thousand sessions take half a minute on an idle machine, and far longer beside other work.
describe('random graphs', { timeout: 600_000 }, () => {
  it('have the values and gradients of the reference in ONNX Runtime', async () => {
    await holdsFor(
      recipes,
      async (recipe) => {
        const graph = graphFrom(recipe)
        const expected = expectations(graph)
        const complaints = await disagreements(nodeRuntime, graph, expected, simplify)
        if (recipe.seed % 4 === 1) complaints.push(...(await disagreements(nodeRuntime, graph, expected)))
        if (recipe.seed % 4 === 2) complaints.push(...(await disagreements(standardRuntime, graph, expected, simplify)))
        if (complaints.length > 0) expect.fail([...complaints, listing(graph)].join('\n'))
      },
      2000,
    )
  })

  const some = fc.sample(recipes, { seed: 3, numRuns: 1000 }).map(graphFrom)

  it('reach every op that runs', () => {
    const reached = new Set(
      some.flatMap(({ outputs }) => topologicalOrder(outputs).map(({ operation }) => operation.name)),
    )
    const rows = [...operationTable.values()].filter(({ isHost }) => !isHost).map(({ name }) => name)
    expect(rows.filter((name) => !reached.has(name))).toEqual([])
  })

  it('are mostly well-conditioned, so that a fault of one part in ten thousand shows', async () => {
    const faulty: Runtime = {
      name: 'faulty',
      prepare: async (graph, options) => {
        const executable = await nodeRuntime.prepare(graph, options)
        const wrong = async (...given: Parameters<typeof executable.run>) =>
          (await executable.run(...given)).map((data) => data.map((value) => value * 1.0001))
        return { ...executable, run: wrong }
      },
    }
    const graphs = some.slice(0, 50)
    const expected = graphs.map(expectations)
    const outputs = expected.flat()
    expect(outputs.filter(({ isStable }) => isStable).length / outputs.length).toBeGreaterThan(0.95)
    const found = await Promise.all(graphs.map((graph, i) => disagreements(faulty, graph, expected[i] ?? [])))
    expect(found.filter((lines) => lines.length > 0).length).toBeGreaterThan(45)
  })
})
