import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Peer } from '../contest.ts'

const answer = z.object({ times: z.array(z.number()) })
const greeting = z.object({ version: z.string(), threads: z.number() })

/** The first Python that has PyTorch: $PYTHON, then what is on the path, then the system's. */
function pythonWithTorch(): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined)
  return candidates.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0)
}

/** PyTorch in a process of its own, or undefined where it is not installed (Debian: python3-torch, libopenblas0-pthread). */
export async function pytorch(threads: number): Promise<Peer | undefined> {
  const python = pythonWithTorch()
  if (python === undefined) return undefined
  const script = fileURLToPath(new URL('./pytorch.py', import.meta.url))
  const child: ChildProcessWithoutNullStreams = spawn(python, [script, String(threads)], {
    env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  })
  child.stderr.pipe(process.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the PyTorch process ended early; its message is above')
    return JSON.parse(value)
  }
  const { version } = greeting.parse(await read())
  return {
    name: `PyTorch ${version}`,
    run: async (work, batch, steps) => {
      child.stdin.write(`${JSON.stringify({ work, batch, steps })}\n`)
      return answer.parse(await read()).times
    },
    close: () => {
      child.stdin.end()
    },
  }
}
