import * as z from 'zod'
import { sha256 } from '../../data/sha256.ts'
import { parseConfig } from '../../nn/config.ts'
import {
  branch,
  type Configuration,
  choice,
  type Definition,
  float,
  int,
  logFloat,
  type Parameter,
  valueSchema,
} from './parameter.ts'
import { type Space, space } from './space.ts'

/** A space as plain JSON: constraints by their sentences, as code cannot be kept. */
export interface SpaceDescription {
  readonly parameters: Definition
  readonly constraints: readonly string[]
}

const range = { low: z.number(), high: z.number(), log: z.boolean() }
const parameterSchema: z.ZodType<Parameter> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('choice'), values: z.array(valueSchema) }),
    z.strictObject({ kind: z.literal('int'), ...range, step: z.number() }),
    z.strictObject({ kind: z.literal('float'), ...range, step: z.number().nullable() }),
    z.strictObject({ kind: z.literal('branch'), branches: z.record(z.string(), definitionSchema) }),
  ]),
)
const definitionSchema: z.ZodType<Definition> = z.record(z.string(), parameterSchema)

/** A {@link SpaceDescription} that comes from outside. */
export const spaceSchema: z.ZodType<SpaceDescription> = z.strictObject({
  parameters: definitionSchema,
  constraints: z.array(z.string()),
})

/** What a space is, as plain JSON. */
export const describeSpace = ({ definition, constraints }: Space): SpaceDescription => ({
  parameters: definition,
  constraints,
})

/**
 * SHA-256 of a space's description: the same for the same parameters in the same order and the same sentences. What a constraint's code
 * does is not in it, so give a constraint that changes another sentence.
 *
 * @example
 * spaceHash(space({ lr: logFloat(1e-5, 1e-1) }))
 */
export const spaceHash = (of: Space): string => sha256(JSON.stringify(describeSpace(of)))

/**
 * The space of a description, for reading what was searched. Its constraints hold everywhere: their code was not kept.
 *
 * @param description - from `describeSpace`, after JSON
 * @throws UsageError when it is no description
 *
 * @example
 * readSpace(JSON.parse(JSON.stringify(describeSpace(of)))).axes
 */
export function readSpace(description: unknown): Space<Configuration<Definition>> {
  const { parameters, constraints } = parseConfig('the description of a space', spaceSchema, description)
  return space(
    restoreAll(parameters),
    constraints.map((why) => ({ why, holds: () => true })),
  )
}

/** Through the functions that users call, so that ranges are checked again. */
function restore(parameter: Parameter): Parameter {
  switch (parameter.kind) {
    case 'choice':
      return choice(parameter.values)
    case 'int':
      return int(parameter.low, parameter.high, parameter)
    case 'float':
      if (parameter.log) return logFloat(parameter.low, parameter.high)
      return float(parameter.low, parameter.high, parameter.step === null ? {} : { step: parameter.step })
    case 'branch':
      return branch(
        Object.fromEntries(Object.entries(parameter.branches).map(([name, inner]) => [name, restoreAll(inner)])),
      )
  }
}

const restoreAll = (definition: Definition): Definition =>
  Object.fromEntries(Object.entries(definition).map(([name, parameter]) => [name, restore(parameter)]))
