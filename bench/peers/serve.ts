import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Batch } from '../work/batch.ts'
import type { Epoch } from '../work/epoch.ts'
import type { Work } from '../work/work.ts'
import { gemmSchema, type Measured, type Opened, openEpochSchema, openSchema, stepsSchema } from './protocol.ts'

/** A peer with its network made and its data at hand. */
export interface Contestant {
  /** Trained numbers of one network. */
  readonly parameters: number
  run(steps: number): Promise<Measured>
}

export interface Peer {
  readonly version: string
  readonly threads: number
  /** Throws where the peer cannot do the work; the message becomes the reason in the table. */
  open(work: Work, batch: number, data: Batch): Promise<Contestant>
  /** Products of two square matrices of this size; only Assay is asked. */
  gemm?(size: number): Promise<Contestant>
  /** Epochs in place of steps, on the MNIST of this folder; only Assay is asked. */
  epoch?(epoch: Epoch, folder: string): Promise<Contestant>
}

/** A contestant from a function that takes one step and gives its loss, if it has one, when all of it is done. */
export const stepper = (parameters: number, step: () => Promise<number | undefined>): Contestant => ({
  parameters,
  run: async (steps) => {
    const times: number[] = []
    const losses: number[] = []
    for (let i = 0; i < steps; i++) {
      const before = performance.now()
      const loss = await step()
      times.push(performance.now() - before)
      if (loss !== undefined && (i === 0 || i === steps - 1)) losses.push(loss)
    }
    return { times, losses }
  },
})

/** Threads that a peer's process was started for. */
export function threadsAsked(): number {
  return z.coerce.number().int().positive().parse(process.argv[2])
}

/** Answers the benchmark's requests until its end of the pipe is closed. */
export async function serve(peer: Peer): Promise<void> {
  // Standard output is for answers: what a library has to tell goes to standard error.
  console.log = console.info = console.warn = console.error
  const answer = (value: Opened | Measured | { error: string }): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`)
  }
  let contestant: Contestant | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const request: unknown = JSON.parse(line)
      if (contestant === undefined) {
        contestant = await begin(peer, request)
        answer({ version: peer.version, threads: peer.threads, parameters: contestant.parameters })
      } else answer(await contestant.run(stepsSchema.parse(request).steps))
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : String(error) })
    }
  }
  // A peer's own workers may still be there.
  process.exit()
}

async function begin(peer: Peer, request: unknown): Promise<Contestant> {
  const gemm = gemmSchema.safeParse(request)
  if (gemm.success) {
    if (peer.gemm === undefined) throw new Error('this peer is not asked for the matrix product')
    return peer.gemm(gemm.data.gemm)
  }
  const epoch = openEpochSchema.safeParse(request)
  if (epoch.success) {
    if (peer.epoch === undefined) throw new Error('this peer is not asked for epochs')
    return peer.epoch(epoch.data.epoch, epoch.data.folder)
  }
  const { work, batch, inputs, targets } = openSchema.parse(request)
  const bytes = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer
  return peer.open(work, batch, {
    inputs: new Float32Array(bytes(inputs)),
    targets: work.target.kind === 'classes' ? new Int32Array(bytes(targets)) : new Float32Array(bytes(targets)),
  })
}
