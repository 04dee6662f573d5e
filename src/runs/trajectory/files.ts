import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where a run keeps what it records of its way, inside its folder. */
export const TRAJECTORY = 'trajectory'
/** The table of measured steps, there. */
export const STEPS_FILE = 'steps.npy'

/** `weights-000000128.safetensors`, so that the order of names is that of steps. */
export const weightsFile = (step: number): string => `weights-${String(step).padStart(9, '0')}.safetensors`

/** Weights that a run has recorded. */
export interface RecordedFile {
  readonly step: number
  /** Absolute path. */
  readonly path: string
}

/** The files with recorded weights of a run, in the order of steps; none where it has recorded none. */
export async function recordedFiles(folder: string): Promise<RecordedFile[]> {
  const inside = join(folder, TRAJECTORY)
  const names = await readdir(inside).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .flatMap((name) => {
      const step = /^weights-(\d+)\.safetensors$/.exec(name)?.[1]
      return step === undefined ? [] : [{ step: Number(step), path: join(inside, name) }]
    })
    .sort((a, b) => a.step - b.step)
}
