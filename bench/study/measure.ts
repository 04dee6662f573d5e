import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import { UsageError } from '../../src/errors.ts'

/** Name of the benchmark of a whole search. */
export const SEARCH = 'search'

const [FOLDS, EPOCHS, POINTS, UNITS] = [4, 200, 75, 288]
/** Seconds that PyTorch's sample and the bare products are measured for, each time. */
const SAMPLE_SECONDS = 10
const WORKERS = 2

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js')
const LOADER = resolve(import.meta.dirname, '../../dist/cli/typescript.js')
const EXAMPLE = resolve(import.meta.dirname, '../../examples/regression-search.ts')
const PYTHON = '/usr/bin/python3'

/** Seconds that the fits of a search take, by who does them. */
export interface SearchTimes {
  readonly fits: number
  /** The command from its start to its end. */
  readonly assay: readonly number[]
  /** Extrapolated from a sample of fits, before and after. */
  readonly pytorch: readonly number[]
  /** Fits that PyTorch trained. */
  readonly sampled: number
  /** If there were nothing but the hidden layer's matrix products, as fast as ONNX Runtime does them here. */
  readonly products: number
  /** GFLOP/s of both workers together in these. */
  readonly peak: number
}

/**
 * Times the search of `examples/regression-search.ts` on two workers with one thread each, and the same trainings in PyTorch, one process a
 * core and one thread each: a sample of them before and after each search, extrapolated.
 *
 * @param note - told what goes on
 */
export async function measureSearch(
  { trials, rounds }: { readonly trials: number; readonly rounds: number },
  note: (text: string) => void,
): Promise<SearchTimes> {
  if (!existsSync(PYTHON))
    throw new UsageError('search: there is no python3: Debian: python3-torch libopenblas0-pthread')
  const fits = trials * FOLDS
  const [assay, pytorch]: [number[], number[]] = [[], []]
  note('matrix products …')
  const speeds = await together(() => child(process.execPath, PRODUCTS, productsSchema))
  const peak = speeds.reduce((sum, { flops, seconds }) => sum + flops / seconds / 1e9, 0)
  let sampled = 0
  const sample = async (): Promise<number> => {
    note('a sample of the fits in PyTorch …')
    const script = join(import.meta.dirname, 'fits.py')
    const parts = await together((i) => child(PYTHON, [script, String(SAMPLE_SECONDS), String(10_000 * i)], fitsSchema))
    sampled += parts.reduce((sum, part) => sum + part.fits, 0)
    return fits / parts.reduce((sum, part) => sum + part.fits / part.seconds, 0)
  }
  for (let round = 0; round < rounds; round++) {
    const before = await sample()
    note(`${fits} fits by assay search …`)
    assay.push(await timedSearch(trials))
    pytorch.push((before + (await sample())) / 2)
  }
  const flops = fits * EPOCHS * 3 * 2 * POINTS * UNITS * UNITS
  return { fits, assay, pytorch, sampled, products: flops / peak / 1e9, peak }
}

async function timedSearch(trials: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-search-'))
  try {
    const began = performance.now()
    await promisify(execFile)(
      process.execPath,
      [MAIN, 'search', EXAMPLE, ...['--trials', String(trials), '--workers', String(WORKERS), '--studies', folder]],
      { cwd: folder, maxBuffer: 2 ** 26 },
    )
    return (performance.now() - began) / 1000
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const productsSchema = z.object({ flops: z.number(), seconds: z.number() })
const fitsSchema = z.object({ fits: z.number(), seconds: z.number() })

const PRODUCTS: readonly string[] = [
  ...['--conditions', 'assay-source', '--import', LOADER],
  ...[join(import.meta.dirname, 'products.ts'), String(SAMPLE_SECONDS / 2)],
]

const together = <T>(one: (worker: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: WORKERS }, (_, i) => one(i)))

async function child<T>(command: string, args: readonly string[], schema: z.ZodType<T>): Promise<T> {
  const { stdout } = await promisify(execFile)(command, args)
  return schema.parse(JSON.parse(stdout))
}
