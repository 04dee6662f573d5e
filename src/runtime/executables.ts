import type { Graph } from './graph.ts'
import { planOf } from './plan.ts'
import type { Executable } from './runtime.ts'

/**
 * A program's hold on what a runtime prepared, which other programs that compute the same may share. Collected as garbage, it is given
 * back too: whatever may still run must hold it.
 */
export interface Taken {
  /** The graph that the runtime was given. */
  readonly graph: Graph
  readonly executable: Executable
  readonly isGivenBack: boolean
  giveBack(): void
}

interface Entry {
  readonly graph: Graph
  readonly executable: Executable
  /** Bytes that are alive at once while it runs, which it keeps. */
  readonly bytes: number
  users: number
}

/** Bytes of executables that nobody uses at present. They are kept because the next seed, fold or trial computes the same. */
const IDLE_BYTES = 2 ** 28

/** What runtimes prepared so far, by what it computes. */
function makeExecutables() {
  const entries = new Map<string, Promise<Entry>>()
  /** Those without users, the one that was given back last at the end. */
  const idle = new Map<string, Entry>()

  const closeOldest = (): void => {
    let bytes = [...idle.values()].reduce((sum, entry) => sum + entry.bytes, 0)
    for (const [key, entry] of idle) {
      if (bytes <= IDLE_BYTES) return
      bytes -= entry.bytes
      idle.delete(key)
      entries.delete(key)
      void entry.executable.dispose()
    }
  }
  const leave = (key: string, entry: Entry): void => {
    entry.users -= 1
    if (entry.users > 0) return
    idle.set(key, entry)
    closeOldest()
  }
  /** The function must not hold what is to be collected. */
  const collected = new FinalizationRegistry<() => void>((giveBack) => giveBack())

  const prepared = (key: string, graph: Graph, prepare: () => Promise<Executable>): Promise<Entry> => {
    const before = entries.get(key)
    if (before !== undefined) return before
    const made = prepare().then(
      (executable): Entry => ({ graph, executable, bytes: planOf(graph, []).totals.peakBytes, users: 0 }),
    )
    entries.set(key, made)
    made.catch(() => entries.delete(key))
    return made
  }

  return {
    take: async (key: string, graph: Graph, prepare: () => Promise<Executable>): Promise<Taken> => {
      const making = prepared(key, graph, prepare)
      const entry = await making
      // It may have been closed while this waited.
      if (entries.get(key) !== making) return executables.take(key, graph, prepare)
      entry.users += 1
      idle.delete(key)
      let isGivenBack = false
      const giveBack = (): void => {
        if (isGivenBack) return
        isGivenBack = true
        leave(key, entry)
      }
      const taken: Taken = {
        graph: entry.graph,
        executable: entry.executable,
        get isGivenBack() {
          return isGivenBack
        },
        giveBack,
      }
      collected.register(taken, giveBack)
      return taken
    },
    /** How many are there, and how many of them nobody uses. */
    counts: () => ({ all: entries.size, idle: idle.size }),
  }
}

export const executables = makeExecutables()
