import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Chromium on this machine: the one that the variable CHROMIUM names, else one by its usual names; none is downloaded. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const usual = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [process.env.CHROMIUM, ...usual].find((path) => path !== undefined && isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const GPUS = {
  none: ['--disable-gpu'],
  /** Chromium's own GPU in software: slow, and it computes as a real one does. */
  software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
}

export const launch = (executablePath: string, gpu: keyof typeof GPUS = 'none'): Promise<Browser> =>
  chromium.launch({ executablePath, args: [...QUIET, ...GPUS[gpu]] })
