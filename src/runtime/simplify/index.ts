import { topologicalOrder } from '../../autodiff/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { biases } from './biases.ts'
import { broadcasting } from './broadcasting.ts'
import { folding } from './folding.ts'
import { identities } from './identities.ts'
import { Order } from './order.ts'
import { parts } from './parts.ts'
import { pooling } from './pooling.ts'
import type { Rule } from './rule.ts'
import { scalars } from './scalars.ts'
import { shapes } from './shapes.ts'
import { Shared } from './sharing.ts'
import { transposing } from './transposing.ts'
import { turning } from './turning.ts'
import { Uses } from './uses.ts'

const RULES: readonly Rule[] = [
  ...folding,
  ...identities,
  ...scalars,
  ...shapes,
  ...parts,
  ...broadcasting,
  ...transposing,
  ...biases,
  ...pooling,
]

/** Swaps of axes sink to what absorbs them before products are turned, which would stop them half-way. */
const PHASES: readonly (readonly Rule[])[] = [
  [...shapes, ...turning],
  [...RULES, ...turning],
]

/** More rounds than any graph needs: each makes the graph smaller or its ops fewer. */
const MOST_ROUNDS = 100

/**
 * Outputs that compute the same with less work: constants folded, common subexpressions shared, what changes nothing left
 * out, and neighbours joined. What ONNX Runtime joins itself (activations with convolutions and products, constant scales
 * and shifts with constant weights) is left to it.
 *
 * It is done to whole graphs, gradients included, and not while expressions are written: a tensor that was named can be
 * differentiated by. Results may differ in the last bits, as the order of roundings does. NaN and infinities stay; only
 * where numbers come within 2⁴⁰ of float32's limits may a sum or a product overflow that did not, or no longer.
 */
export function simplify(outputs: readonly Tensor[]): Tensor[] {
  const order = new Order(outputs)
  const settled = PHASES.reduce((current, rules) => settle(current, rules, order), [...outputs])
  return settled.every((tensor, i) => tensor === outputs[i]) ? settled : order.restored(settled)
}

/** Rounds of the rules until they change nothing more. */
function settle(outputs: readonly Tensor[], rules: readonly Rule[], order: Order): Tensor[] {
  let current = [...outputs]
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = rewritten(shared(current, order), rules, order)
    if (next.every((tensor, i) => tensor === current[i])) return next
    current = next
  }
  throw new Error(`simplification has not come to an end after ${MOST_ROUNDS} rounds`)
}

/** The outputs with every tensor replaced by what `replace` gives for it; it is called on inputs first. */
function rewrite(
  outputs: readonly Tensor[],
  replace: (rebuilt: Tensor, tensor: Tensor) => Tensor,
  order: Order,
): Tensor[] {
  const replaced = new Map<Tensor, Tensor>()
  const now = (tensor: Tensor): Tensor => replaced.get(tensor) ?? tensor
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map(now)
    const same = inputs.every((input, i) => input === tensor.inputs[i])
    const result = replace(same ? tensor : tensor.operation.reapply(tensor, inputs), tensor)
    order.follow(result, tensor)
    replaced.set(tensor, result)
  }
  return outputs.map(now)
}

function shared(outputs: readonly Tensor[], order: Order): Tensor[] {
  const known = new Shared()
  return rewrite(outputs, (tensor) => known.of(tensor), order)
}

/** One round of the rules over the whole graph. */
function rewritten(outputs: readonly Tensor[], rules: readonly Rule[], order: Order): Tensor[] {
  const uses = new Uses(outputs)
  return rewrite(
    outputs,
    (rebuilt, tensor) => {
      for (const rule of rules) {
        const better = rule(rebuilt, uses)
        if (better !== undefined) return uses.replace(tensor, better)
      }
      return uses.rebuild(tensor, rebuilt)
    },
    order,
  )
}
