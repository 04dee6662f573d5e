import { blockUntilReady, jit, nn, numpy as np, valueAndGrad, vmap } from '@jax-js/jax'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import { type Contestant, stepper } from '../serve.ts'
import { networkOf } from './network.ts'
import { optimizerOf } from './optimizer.ts'

const sizeOf = (arrays: readonly np.Array[]): number => arrays.reduce((sum, { size }) => sum + size, 0)

/** The forward pass, compiled. */
export async function inference({ network, sample }: Work, batch: number, { inputs }: Batch): Promise<Contestant> {
  const { parameters, statistics, apply } = networkOf(network, sample)
  const infer = jit((weights: np.Array[], running: np.Array[], x: np.Array) => apply(weights, running, x, false).output)
  const x = np.array(new Float32Array(inputs), { shape: [batch, ...sample] })
  return stepper(sizeOf(parameters), async () => {
    await infer(
      parameters.map((array) => array.ref),
      statistics.map((array) => array.ref),
      x.ref,
    ).data()
    return undefined
  })
}

/** Everything that changes in training. A type alias, as jax-js wants for its trees. */
type State = { parameters: np.Array[]; statistics: np.Array[]; moments: np.Array[][] }

/** Forward, backward and update as one compiled function; members of a population along an axis of their own, by vmap. */
export async function training(work: Work, batch: number, data: Batch): Promise<Contestant> {
  const { network, sample, target, members } = work
  const networks = Array.from({ length: members }, () => networkOf(network, sample))
  const [first] = networks
  if (first === undefined) throw new Error('a population has at least one member')
  const optimizer = optimizerOf(work)
  const x = np.array(new Float32Array(data.inputs), { shape: [batch, ...sample] })
  const y =
    target.kind === 'classes'
      ? nn.oneHot(np.array(new Int32Array(data.targets)), target.count)
      : np.array(new Float32Array(data.targets), { shape: [batch, target.count] })

  const lossOf = (parameters: np.Array[], statistics: np.Array[], inputs: np.Array, targets: np.Array) => {
    const { output, statistics: updated } = first.apply(parameters, statistics, inputs, true)
    const loss =
      target.kind === 'classes'
        ? nn
            .logSoftmax(output)
            .mul(targets)
            .sum()
            .mul(-1 / batch)
        : np.mean(np.square(output.sub(targets)))
    const pair: [np.Array, np.Array[]] = [loss, updated]
    return pair
  }
  const one = (state: State, scalars: np.Array[], inputs: np.Array, targets: np.Array): [np.Array, State] => {
    const [[loss, statistics], gradients] = valueAndGrad(lossOf, { hasAux: true })(
      state.parameters.map((array) => array.ref),
      state.statistics,
      inputs,
      targets,
    )
    const updated = state.parameters.map((parameter, i) => {
      const gradient = gradients[i]
      if (gradient === undefined) throw new Error('a parameter has no gradient')
      return optimizer.update(parameter, gradient, state.moments[i] ?? [], scalars)
    })
    for (const scalar of scalars) scalar.dispose()
    return [loss, { parameters: updated.map((u) => u.parameter), statistics, moments: updated.map((u) => u.state) }]
  }
  const step = jit(members === 1 ? one : vmap(one, [0, null, null, null]))

  const gathered = (arrays: readonly (np.Array | undefined)[]): np.Array => {
    const present = arrays.filter((array) => array !== undefined)
    const [only] = present
    return members === 1 && only !== undefined ? only : np.stack(present)
  }
  const parameters = first.parameters.map((_, i) => gathered(networks.map((member) => member.parameters[i])))
  let state: State = {
    parameters,
    statistics: first.statistics.map((_, i) => gathered(networks.map((member) => member.statistics[i]))),
    moments: parameters.map(({ shape }) => Array.from({ length: optimizer.states }, () => np.zeros(shape))),
  }
  let steps = 0
  return stepper(sizeOf(parameters) / members, async () => {
    steps += 1
    const scalars = optimizer.scalars(steps).map((value) => np.array(value))
    const [loss, next] = step(state, scalars, x.ref, y.ref)
    state = next
    const values = await loss.data()
    await blockUntilReady(state)
    return values[0]
  })
}
