import { UsageError } from '../errors.ts'
import type { Config } from '../nn/index.ts'
import { sizeOf } from '../tensor/index.ts'
import type { Optimizer, OptimizerGroup } from './optimizer.ts'
import { matcher, nothingFits, type ParameterPlace } from './parameters.ts'
import { updateKey } from './trace.ts'

/** Which parameters, and the options that differ for them. */
export interface ParameterGroup {
  /** A pattern of dotted names, in which `*` stands for any run of characters, dots too: `*.bias`, `features.*`. */
  readonly parameters: string
  readonly [option: string]: unknown
}

/**
 * An optimiser with options of its own for some parameters, like the parameter groups of PyTorch's optimisers. A parameter
 * belongs to the first group whose pattern its name fits; the others are updated as the optimiser says. The schedule scales
 * the learning rates of all by the same factor. Options that are numbers of a step can differ: the learning rate, the
 * weight decay, and what else the update has as a coefficient (Adagrad's `lrDecay`, NAdam's `momentumDecay`).
 *
 * @throws UsageError naming an option that cannot differ, or that there is not. A pattern that fits no parameter, or
 *   only such as are in groups before it, is refused when training begins, as only then the names are known.
 * @example
 * parameterGroups(adamW({ lr: 1e-3, weightDecay: 0.05 }), [
 *   { parameters: '*.bias', weightDecay: 0 },
 *   { parameters: 'features.*', lr: 1e-4 },
 * ])
 */
export function parameterGroups(optimizer: Optimizer, groups: readonly ParameterGroup[]): Optimizer {
  if (optimizer.groups !== undefined)
    throw new UsageError('parameterGroups: the optimiser has groups already; put all groups into one list')
  if (!Array.isArray(groups) || groups.length === 0)
    throw new UsageError(
      "parameterGroups: there are no groups; give a list, as in [{ parameters: '*.bias', weightDecay: 0 }]",
    )
  if (groups.some((group) => typeof group !== 'object' || group === null)) throw withoutPattern()
  return {
    ...optimizer,
    config: { ...optimizer.config, groups: groups.map(ordered) },
    groups: groups.map((group) => groupOf(optimizer, group)),
    // One set of formulas cannot say the coefficients of several groups.
    formulas: undefined,
    with: ({ groups: others, ...changes }) =>
      parameterGroups(optimizer.with(changes), others === undefined ? groups : groupList(others)),
  }
}

/** By name, as the order in which options were written says nothing. */
const ordered = (group: ParameterGroup): Config =>
  Object.fromEntries(Object.entries(group).sort(([one], [other]) => (one < other ? -1 : 1)))

const groupList = (value: unknown): readonly ParameterGroup[] => (Array.isArray(value) ? value : [])

const withoutPattern = (): UsageError =>
  new UsageError("parameterGroups: a group has no pattern; say which, as in { parameters: '*.bias', weightDecay: 0 }")

function groupOf(base: Optimizer, { parameters, ...options }: ParameterGroup): OptimizerGroup {
  if (typeof parameters !== 'string') throw withoutPattern()
  const key = updateKey(base)
  for (const [name, value] of Object.entries(options))
    if (updateKey(base.with({ [name]: value })) !== key)
      throw new UsageError(
        `parameterGroups: the group "${parameters}" cannot have a ${name} of its own: in ${base.kind} it is built into the ` +
          `update, which all parameters share; ${free(base, key).join(', ')} can differ`,
      )
  return { parameters, optimizer: base.with(options) }
}

/** The options of an optimiser that are coefficients alone, found by trying others. */
const free = (base: Optimizer, key: string): string[] =>
  Object.entries(base.config).flatMap(([name, value]) => {
    const isFree = typeof value === 'number' && updateKey(base.with({ [name]: value === 0 ? 0.01 : value / 2 })) === key
    return isFree ? [name] : []
  })

/** Neighbouring parameters that are updated alike, as numbers of the flat vector. */
export interface Stretch {
  readonly start: number
  readonly length: number
}

/** The parts of the flat vector that each optimiser of a group updates, the whole where there are no groups. */
export function stretchesOf(
  optimizer: Optimizer,
  parameters: readonly ParameterPlace[],
): ReadonlyMap<Optimizer, readonly Stretch[]> {
  const groups = (optimizer.groups ?? []).map((group) => ({ ...group, fits: matcher(group.parameters) }))
  for (const { parameters: pattern, fits } of groups)
    if (!parameters.some(({ path }) => fits(path))) throw nothingFits('parameterGroups', pattern, parameters)
  const found = new Map<Optimizer, Stretch[]>()
  let end = 0
  let last: Optimizer | undefined
  for (const parameter of parameters) {
    const own = groups.find(({ fits }) => fits(parameter.path))?.optimizer ?? optimizer
    const stretches = found.get(own) ?? []
    found.set(own, stretches)
    const before = own === last ? stretches.pop() : undefined
    const size = sizeOf(parameter.shape)
    stretches.push({ start: before?.start ?? end, length: (before?.length ?? 0) + size })
    end += size
    last = own
  }
  for (const { parameters: pattern, optimizer: own } of groups)
    if (!found.has(own))
      throw new UsageError(
        `parameterGroups: every parameter named like "${pattern}" is in a group before it: put it first, or leave it out`,
      )
  return found
}
