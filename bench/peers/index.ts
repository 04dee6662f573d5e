import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from './child.ts'

/** Someone who may compete, as the command line and the tables call them. */
export interface Entry {
  readonly name: string
  readonly title: string
  /** How its process is started, or undefined where it is not installed. */
  command(threads: number): Command | undefined
  readonly howToInstall: string
}

const HOW_TO_INSTALL_PYTORCH = 'Debian: python3-torch libopenblas0-pthread'

/** The first is the one that others are compared with. */
export const entries: readonly Entry[] = [
  { name: 'assay', title: 'Assay', command: (threads) => node('assay', threads), howToInstall: 'npm ci' },
  {
    name: 'pytorch',
    title: 'PyTorch',
    command: (threads) => python('main.py', threads),
    howToInstall: HOW_TO_INSTALL_PYTORCH,
  },
  fromNpm('tfjs-cpu', 'TensorFlow.js CPU', '@tensorflow/tfjs-core', 'tensorflow', 'cpu'),
  fromNpm('tfjs-wasm', 'TensorFlow.js WASM', '@tensorflow/tfjs-core', 'tensorflow', 'wasm'),
  fromNpm('jax', 'jax-js', '@jax-js/jax', 'jax', 'alone'),
  fromNpm('jax-workers', 'jax-js with workers', '@jax-js/jax', 'jax', 'workers'),
]

/** Who trains whole epochs: PyTorch in the ways that its users have of feeding samples. */
export const epochEntries: readonly Entry[] = [
  { name: 'assay', title: 'Assay', command: (threads) => node('assay', threads), howToInstall: 'npm ci' },
  idiom('pytorch', 'PyTorch, tensors in memory', 'tensors'),
  idiom('pytorch-loader', 'PyTorch, DataLoader', 'loader-0'),
  idiom('pytorch-loader-2', 'PyTorch, DataLoader with 2 workers', 'loader-2'),
  idiom('pytorch-loader-ready', 'PyTorch, DataLoader, standardised once', 'loader-ready'),
]

function idiom(name: string, title: string, variant: string): Entry {
  return {
    name,
    title,
    command: (threads) => python('epoch.py', threads, variant),
    howToInstall: HOW_TO_INSTALL_PYTORCH,
  }
}

function fromNpm(name: string, title: string, packageName: string, folder: string, variant: string): Entry {
  return {
    name,
    title,
    command: (threads) =>
      existsSync(new URL(`../node_modules/${packageName}/package.json`, import.meta.url))
        ? node(folder, threads, variant)
        : undefined,
    howToInstall: 'npm --prefix bench ci',
  }
}

/** A program beside this file, started as this process was: with what lets it import TypeScript. */
function node(folder: string, threads: number, ...args: readonly string[]): Command {
  const script = fileURLToPath(new URL(`./${folder}/main.ts`, import.meta.url))
  return { file: process.execPath, args: [...process.execArgv, script, String(threads), ...args] }
}

/** A program for the first Python that has PyTorch: $PYTHON, then what is on the path, then the system's. */
function python(program: string, threads: number, ...args: readonly string[]): Command | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined)
  const file = candidates.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0)
  if (file === undefined) return undefined
  const script = fileURLToPath(new URL(`./pytorch/${program}`, import.meta.url))
  const env = { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) }
  return { file, args: [script, String(threads), ...args], env }
}
