import { topologicalOrder } from '../../autodiff/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { broadcasting } from './broadcasting.ts'
import { folding } from './folding.ts'
import { identities } from './identities.ts'
import { pooling } from './pooling.ts'
import { products } from './products.ts'
import type { Rule } from './rule.ts'
import { scalars } from './scalars.ts'
import { shapes } from './shapes.ts'
import { Shared } from './sharing.ts'

const RULES: readonly Rule[] = [
  ...folding,
  ...identities,
  ...scalars,
  ...shapes,
  ...broadcasting,
  ...products,
  ...pooling,
]

/** More rounds than any graph needs: each makes the graph smaller or its ops fewer. */
const MOST_ROUNDS = 100

/**
 * Outputs that compute the same with less work: constants folded, common subexpressions shared, what changes nothing left
 * out, and neighbours joined. What ONNX Runtime joins itself (activations with convolutions and products, constant scales
 * and shifts with constant weights) is left to it.
 *
 * It is done to whole graphs, gradients included, and not while expressions are written: a tensor that was named can be
 * differentiated by. Results may differ in the last bits, as the order of roundings does; NaN and infinities stay.
 */
export function simplify(outputs: readonly Tensor[]): Tensor[] {
  let current = [...outputs]
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = rewritten(shared(current))
    if (next.every((tensor, i) => tensor === current[i])) return next
    current = next
  }
  throw new Error(`simplification has not come to an end after ${MOST_ROUNDS} rounds`)
}

/** The outputs with every tensor replaced by what `replace` gives for it; it is called on inputs first. */
function rewrite(outputs: readonly Tensor[], replace: (rebuilt: Tensor, tensor: Tensor) => Tensor): Tensor[] {
  const replaced = new Map<Tensor, Tensor>()
  const now = (tensor: Tensor): Tensor => replaced.get(tensor) ?? tensor
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map(now)
    const same = inputs.every((input, i) => input === tensor.inputs[i])
    replaced.set(tensor, replace(same ? tensor : tensor.operation.reapply(tensor, inputs), tensor))
  }
  return outputs.map(now)
}

function shared(outputs: readonly Tensor[]): Tensor[] {
  const known = new Shared()
  return rewrite(outputs, (tensor) => known.of(tensor))
}

/** One round of the rules over the whole graph. */
function rewritten(outputs: readonly Tensor[]): Tensor[] {
  const uses = new Map<Tensor, number>()
  const use = (tensor: Tensor, times = 1): void => {
    uses.set(tensor, (uses.get(tensor) ?? 0) + times)
  }
  for (const tensor of topologicalOrder(outputs)) for (const input of tensor.inputs) use(input)
  for (const output of outputs) use(output)
  /** Counts what a rule has made, whose inputs have one more use each. */
  const count = (made: Tensor): void => {
    if (uses.has(made)) return
    uses.set(made, 0)
    for (const input of made.inputs) {
      count(input)
      use(input)
    }
  }
  const isUsedOnce = (tensor: Tensor): boolean => uses.get(tensor) === 1
  return rewrite(outputs, (rebuilt, tensor) => {
    const better = firstOf(RULES, rebuilt, { isUsedOnce })
    const before = uses.get(tensor) ?? 0
    if (better === undefined) {
      uses.set(rebuilt, before)
      return rebuilt
    }
    count(better)
    use(better, before)
    return better
  })
}

function firstOf(rules: readonly Rule[], tensor: Tensor, surroundings: Parameters<Rule>[1]): Tensor | undefined {
  for (const rule of rules) {
    const better = rule(tensor, surroundings)
    if (better !== undefined) return better
  }
  return undefined
}
