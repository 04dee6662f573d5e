/**
 * Many trainings at once: small networks that differ in scalars are packed into one program.
 *
 * @module
 */
export { type FitHooks, type FitOutcome, fitAll } from './fitAll.ts'
export { type Fit, type FitPlan, type Pack, planFits, remaining } from './plan.ts'
