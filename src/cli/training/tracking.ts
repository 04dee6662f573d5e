import { UsageError } from '../../errors.ts'
import { mlflowSink, type OpenSink, type Sink, tensorBoardSink } from '../../runs/index.ts'
import type { Message } from './protocol.ts'

/** Where the metrics of runs go beside their own logs. */
export interface TrackingOptions {
  readonly tensorboard?: string | undefined
  readonly mlflow?: string | undefined
  readonly mlflowExperiment?: string | undefined
}

/** Hands what the training thread logs to other places, in the main thread: training waits for none of them. */
export interface Tracking {
  /** Whether there is any place. */
  readonly isWanted: boolean
  /** @param thread in which the run goes on: each has one at a time */
  tell(message: Extract<Message, { readonly type: 'track' | 'records' }>, thread: number): void
  /** Resolves when all places have what there is of the thread's run. */
  end(status: 'finished' | 'interrupted' | 'failed', thread: number): Promise<void>
}

/** @throws UsageError where a place cannot be used */
export async function tracking(
  { tensorboard, mlflow, mlflowExperiment: experiment }: TrackingOptions,
  warn: (text: string) => void,
): Promise<Tracking> {
  if (mlflow === undefined && experiment !== undefined)
    throw new UsageError('--mlflow-experiment is for --mlflow <uri>, which is not there')
  const places: OpenSink[] = [
    ...(tensorboard === undefined ? [] : [tensorBoardSink(tensorboard)]),
    ...(mlflow === undefined ? [] : [await mlflowSink(mlflow, experiment === undefined ? {} : { experiment })]),
  ]
  const sinks = new Map<number, readonly Sink[]>()
  return {
    isWanted: places.length > 0,
    tell: (message, thread) => {
      if (message.type === 'track')
        sinks.set(
          thread,
          places.map((open) => open(message.run, warn)),
        )
      else for (const sink of sinks.get(thread) ?? []) sink.write(message.records)
    },
    end: async (status, thread) => {
      const ending = sinks.get(thread) ?? []
      sinks.delete(thread)
      await Promise.all(ending.map((sink) => sink.end(status)))
    },
  }
}
