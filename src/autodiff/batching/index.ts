import { reshape, slice, stack } from '../../tensor/index.ts'
import { type Call, isBatched, moved, type Rule, type Value } from './batched.ts'
import { convolution } from './convolution.ts'
import { elementwise } from './elementwise.ts'
import { images } from './images.ts'
import { indexing } from './indexing.ts'
import { products } from './matmul.ts'
import { normalization } from './normalization.ts'
import { reduction } from './reduction.ts'
import { shaping } from './shaping.ts'

/** How each row of the op table is done for all members at once. */
export const rules: ReadonlyMap<string, Rule> = new Map([
  ...elementwise,
  ...reduction,
  ...shaping,
  ...indexing,
  ...products,
  ...convolution,
  ...images,
  ...normalization,
])

/** What is drawn on the host has axes of keys in front by itself. */
const onHost: Rule = ({ tensor, inputs }) => ({
  tensor: tensor.operation.reapply(
    tensor,
    inputs.map((value) => (isBatched(value) ? moved(value, 0) : value.tensor)),
  ),
  axis: 0,
})

/** One member after the other: right for every op, and as slow as that. */
const oneByOne: Rule = ({ tensor, inputs, size }: Call) => {
  const member = (value: Value, k: number) => {
    if (!isBatched(value)) return value.tensor
    const row = slice(moved(value, 0), { starts: [k], ends: [k + 1] })
    return reshape(row, row.shape.slice(1))
  }
  const each = Array.from({ length: size }, (_, k) =>
    tensor.operation.reapply(
      tensor,
      inputs.map((value) => member(value, k)),
    ),
  )
  return { tensor: stack(each), axis: 0 }
}

export const ruleOf = ({ operation }: Call['tensor']): Rule =>
  operation.isHost ? onHost : (rules.get(operation.name) ?? oneByOne)
