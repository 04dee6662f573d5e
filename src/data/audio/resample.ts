/** Zero crossings of the sinc on each side: more are sharper and slower. */
const CROSSINGS = 32
/** Of the Kaiser window: what is left of tones that must vanish is below −80 dB. */
const BETA = 8
/** Where the filter is at half, as a share of the highest frequency that the lower rate can carry. */
const CUTOFF = 0.95

/**
 * Sound at another rate, by polyphase filtering with a windowed sinc (Kaiser): what SciPy's `resample_poly` gives with that
 * filter. Outside of the sound there is silence.
 *
 * Source: Smith, "Digital audio resampling home page", CCRMA (2002); Kaiser, "Nonrecursive digital filter design using the
 * I0-sinh window function", ISCAS (1974).
 *
 * @param from - samples a second of `x`, a whole number
 * @param to - samples a second of the result, a whole number
 * @returns `ceil(x.length · to / from)` samples
 *
 * @example
 * const speech = resample(recorded, 44_100, 16_000)
 */
export function resample(x: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return x
  const divisor = greatestCommonDivisor(from, to)
  const [up, down] = [to / divisor, from / divisor]
  const { taps, half } = filterFor(up, down)
  const y = new Float32Array(Math.ceil((x.length * up) / down))
  for (let m = 0; m < y.length; m++) {
    const centre = m * down
    const first = Math.max(0, Math.ceil((centre - half) / up))
    const last = Math.min(x.length - 1, Math.floor((centre + half) / up))
    let sum = 0
    let tap = half + centre - first * up
    for (let k = first; k <= last; k++, tap -= up) sum += (x[k] ?? 0) * (taps[tap] ?? 0)
    y[m] = sum
  }
  return y
}

interface Filter {
  readonly taps: Float64Array
  /** Index of the middle one. */
  readonly half: number
}

const filters = new Map<string, Filter>()

function filterFor(up: number, down: number): Filter {
  const name = `${up}/${down}`
  const made = filters.get(name) ?? makeFilter(up, down)
  filters.set(name, made)
  return made
}

/** A low pass at the rate that both rates divide; a constant passes unchanged. */
function makeFilter(up: number, down: number): Filter {
  const slower = Math.max(up, down)
  const half = CROSSINGS * slower
  const cutoff = CUTOFF / slower
  const atCentre = besselI0(BETA)
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half
    const window = besselI0(BETA * Math.sqrt(1 - (t / half) ** 2)) / atCentre
    const angle = Math.PI * cutoff * t
    return window * (t === 0 ? 1 : Math.sin(angle) / angle)
  })
  const sum = taps.reduce((a, b) => a + b)
  return { taps: taps.map((tap) => (tap * up) / sum), half }
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let [sum, term] = [1, 1]
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b))
