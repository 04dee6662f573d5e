import { availableParallelism } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import { mnist } from '../data/node.ts'
import { machineState, versionState } from '../runs/index.ts'
import { compile, spec } from '../runtime/index.ts'
import '../runtime/ort/node.ts'
import { matmul, type Tensor } from '../tensor/index.ts'
import { print, printJson } from './output.ts'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly found: string
}

const SIZE = 512
const REPEATS = 10

/** Multiplies matrices: shows that the runtime works, and how fast. */
async function checkRuntime(): Promise<Finding> {
  const what = 'runtime'
  try {
    const program = await compile((a: Tensor, b: Tensor) => matmul(a, b), spec([SIZE, SIZE]), spec([SIZE, SIZE]))
    const ones = new Float32Array(SIZE * SIZE).fill(1)
    const product = await program(ones, ones)
    if (product[0] !== SIZE)
      return { what, ok: false, found: `a product of ones gave ${product[0]} instead of ${SIZE}` }
    const began = performance.now()
    for (let i = 0; i < REPEATS; i++) await program(ones, ones)
    const rate = (2 * SIZE ** 3 * REPEATS) / (performance.now() - began) / 1e6
    return { what, ok: true, found: `${program.runtime} works: ${rate.toFixed(0)} GFLOP/s on ${SIZE}×${SIZE} matrices` }
  } catch (error) {
    return { what, ok: false, found: `${error instanceof Error ? error.message : String(error)}; run npm ci again` }
  }
}

async function checkMnist(): Promise<Finding> {
  try {
    const { train, test } = await mnist().load()
    return { what: 'data', ok: true, found: `mnist: ${train.length} + ${test.length} images, checksums right` }
  } catch (error) {
    return { what: 'data', ok: false, found: `mnist: ${error instanceof Error ? error.message : String(error)}` }
  }
}

export const doctorCommand = new Command('doctor')
  .description('Check that everything an experiment needs is here: versions, threads, runtime, data')
  .option('--json', 'print the findings as JSON')
  .addHelpText('after', '\nExample:\n  assay doctor\n\nExit code 1 when something is missing.')
  .action(async ({ json = false }) => {
    const { assay, node, onnxruntime } = await versionState()
    const { cpu, memoryGB, platform, arch } = machineState()
    const [major = 0, minor = 0] = node.split('.').map(Number)
    const findings: readonly Finding[] = [
      { what: 'assay', ok: true, found: assay },
      { what: 'node', ok: major > 20 || (major === 20 && minor >= 19), found: `${node} (20.19 or later is needed)` },
      { what: 'onnxruntime', ok: onnxruntime !== 'unknown', found: onnxruntime },
      { what: 'machine', ok: true, found: `${cpu}, ${memoryGB} GB, ${platform} ${arch}` },
      { what: 'threads', ok: true, found: String(availableParallelism()) },
      await checkRuntime(),
      await checkMnist(),
    ]
    const ok = findings.every((finding) => finding.ok)
    if (json) printJson({ ok, findings })
    else
      for (const { what, ok: isFine, found } of findings)
        print(`${isFine ? pc.green('ok ') : pc.red('no ')} ${what.padEnd(12)} ${found}`)
    if (!ok) process.exitCode = 1
  })
