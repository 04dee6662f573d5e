import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { errorSchema } from './protocol.ts'

/** A peer's process, seen from the benchmark. */
export interface Child {
  /**
   * Sends a request and waits for its answer; rejects with what the peer says, its end, or after `patience` seconds for each
   * of the steps asked for.
   */
  ask<T>(request: unknown, schema: z.ZodType<T>, steps?: number): Promise<T>
  /** Most memory the process has held at one time, bytes; undefined where the system does not tell (it does on Linux). */
  peakMemory(): number | undefined
  end(): void
}

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a peer in a process of its own, so that no peer's memory or threads disturb another's. */
export function startChild({ file, args, env }: Command, patience: number): Child {
  const child: ChildProcessWithoutNullStreams = spawn(file, args, { env: { ...process.env, ...env } })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-4000)
  })
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line))
  const giveUp = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  child.on('error', giveUp)
  child.on('close', (code, signal) => giveUp(new Error(`its process ended (${signal ?? code}): ${errorIn(complaint)}`)))
  // Writing to a process that has ended; its end is told above.
  child.stdin.on('error', () => {})

  return {
    ask: async (request, schema, steps = 1) => {
      const answered = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }))
      if (child.exitCode !== null || child.signalCode !== null)
        giveUp(new Error(`its process has ended: ${errorIn(complaint)}`))
      else child.stdin.write(`${JSON.stringify(request)}\n`)
      const timer = setTimeout(
        () => {
          giveUp(new Error(`a step took longer than ${patience} s`))
          child.kill('SIGKILL')
        },
        patience * steps * 1000,
      )
      const answer: unknown = JSON.parse(await answered.finally(() => clearTimeout(timer)))
      const refusal = errorSchema.safeParse(answer)
      if (refusal.success) throw new Error(refusal.data.error)
      return schema.parse(answer)
    },
    peakMemory: () => {
      if (process.platform !== 'linux' || child.pid === undefined) return undefined
      const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
    },
    end: () => {
      child.stdin.end()
    },
  }
}

/** The line that names the error, in Node's and in Python's way of telling. */
const errorIn = (text: string): string => {
  const lines = text.trim().split('\n')
  return lines.findLast((line) => /^\S*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? ''
}
