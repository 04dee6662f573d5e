/** Samplers that a command line can name, each with its defaults. */
export const samplerNames = ['grid', 'random', 'sobol', 'tpe', 'cma-es'] as const
export type SamplerName = (typeof samplerNames)[number]
