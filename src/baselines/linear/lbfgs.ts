/** A function of numbers and its gradient; the arrays may be used again by the next call. */
export type Objective = (x: Float64Array) => Promise<{ readonly value: number; readonly gradient: ArrayLike<number> }>

export interface LbfgsOptions {
  /** Done when no slope is steeper (default 1e-6). */
  readonly tolerance?: number
  /** Steps, at most (default 1000). */
  readonly iterations?: number
}

/** Past steps that the curvature is estimated from. */
const MEMORY = 10

/**
 * Minimises a smooth function by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno, with a line search
 * for Wolfe's conditions. It ends too where rounding lets no step lead down.
 *
 * Source: Nocedal and Wright, "Numerical Optimization", 2nd ed., Springer 2006, algorithms 7.4 and 7.5.
 *
 * @param start left as it is
 */
export async function lbfgs(
  objective: Objective,
  start: Float64Array,
  { tolerance = 1e-6, iterations = 1000 }: LbfgsOptions = {},
): Promise<Float64Array> {
  let x: Float64Array = Float64Array.from(start)
  let { value, gradient } = await evaluated(objective, x)
  const past: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = []
  for (let i = 0; i < iterations && gradient.some((slope) => Math.abs(slope) > tolerance); i++) {
    let direction = descent(gradient, past)
    if (!(dot(direction, gradient) < 0)) {
      past.length = 0
      direction = gradient.map((slope) => -slope)
    }
    const first = past.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)))
    const next = await search(objective, { x, value, gradient }, direction, first)
    if (next === undefined) break
    const s = next.x.map((coordinate, k) => coordinate - (x[k] ?? 0))
    const y = next.gradient.map((slope, k) => slope - (gradient[k] ?? 0))
    const curvature = dot(s, y)
    if (curvature > 1e-10 * dot(y, y)) past.push({ s, y, rho: 1 / curvature })
    if (past.length > MEMORY) past.shift()
    ;({ x, value, gradient } = next)
  }
  return x
}

interface Point {
  readonly x: Float64Array
  readonly value: number
  readonly gradient: Float64Array
}

async function evaluated(objective: Objective, x: Float64Array): Promise<Point> {
  const { value, gradient } = await objective(x)
  return { x, value, gradient: Float64Array.from(gradient) }
}

/** The gradient times the estimated inverse Hessian, downwards. */
function descent(
  gradient: Float64Array,
  past: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = gradient.map((slope) => -slope)
  const alphas: number[] = []
  for (const { s, y, rho } of past.toReversed()) {
    const alpha = rho * dot(s, q)
    alphas.unshift(alpha)
    addMultiple(q, y, -alpha)
  }
  const last = past.at(-1)
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y))
    for (let k = 0; k < q.length; k++) q[k] = (q[k] ?? 0) * scale
  }
  for (const [i, { s, y, rho }] of past.entries()) addMultiple(q, s, (alphas[i] ?? 0) - rho * dot(y, q))
  return q
}

/** Halves or doubles the step until it leads down enough (Armijo) and the slope along it is flatter (Wolfe). */
async function search(
  objective: Objective,
  from: Point,
  direction: Float64Array,
  first: number,
): Promise<Point | undefined> {
  const slope = dot(direction, from.gradient)
  let [low, high] = [0, Number.POSITIVE_INFINITY]
  let best: Point | undefined
  let step = first
  for (let tries = 0; tries < 25; tries++) {
    const x = from.x.map((coordinate, k) => coordinate + step * (direction[k] ?? 0))
    const point = await evaluated(objective, x)
    if (!(point.value <= from.value + 1e-4 * step * slope)) high = step
    else {
      best = point
      if (dot(direction, point.gradient) >= 0.9 * slope) return point
      low = step
    }
    step = high === Number.POSITIVE_INFINITY ? 2 * step : (low + high) / 2
  }
  return best
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] ?? 0) * (b[k] ?? 0)
  return sum
}

function addMultiple(to: Float64Array, of: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] ?? 0) + factor * (of[k] ?? 0)
}
