import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../../errors.ts'
import type { Job } from '../executor.ts'
import { slurm, workersBefore } from './slurm.ts'

let root = ''
let folder = ''
let programs = ''
const path = process.env.PATH
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-slurm-'))
  folder = join(root, 'it\'s a "study" of $HOME, `id` #1')
  programs = join(root, 'bin')
  mkdirSync(folder)
  mkdirSync(programs)
  // Ahead of a Slurm that may be installed.
  process.env.PATH = `${programs}${delimiter}${path}`
})
afterEach(() => {
  process.env.PATH = path
  rmSync(root, { recursive: true, force: true })
})

/** A program on the path that notes its arguments, a line each, and then does as the script says. */
function fake(program: string, script: string): void {
  const file = join(programs, program)
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" '' >> '${root}/${program}.said'\n${script}\n`)
  chmodSync(file, 0o755)
}
const callsOf = (program: string): string[][] =>
  readFileSync(join(root, `${program}.said`), 'utf8')
    .split('\n\n')
    .filter(Boolean)
    .map((call) => call.split('\n'))
/** What squeue prints, from now on. */
const queue = (...lines: string[]): void => {
  writeFileSync(join(root, 'queue'), lines.map((line) => `${line}\n`).join(''))
  fake('squeue', `cat '${root}/queue'`)
}
const job = (changes: Partial<Job> = {}): Job => ({ folder, workers: 3, threads: 2, memory: 1000, ...changes })
const command = () => ['/opt/my node/bin/node', 'main.js', "it's", '$x'] as const
const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(UsageError)
  return error instanceof Error ? error.message : ''
}
const events = (): string[] =>
  readFileSync(join(folder, 'slurm.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).event)
const scriptIn = (): string => {
  const [name = ''] = readdirSync(join(folder, 'slurm')).filter((one) => one.endsWith('.sh'))
  return join(folder, 'slurm', name)
}

describe('submitting', () => {
  beforeEach(() => {
    queue()
    fake('sbatch', 'pwd >> "$0.folder"; echo "17;cluster"')
  })

  it('asks for an array, by arguments and in the script', async () => {
    const options = { partition: 'short', account: 'group 7', time: '2:00:00', throttle: 2 }
    const crew = await slurm(command, { ...options, sbatchArgs: ['--comment=a "b" \\c'] }).submit(job())
    expect(crew.summary).toBe(`submitted job 17: 3 workers, at most 2 at a time; logs in ${join(folder, 'slurm')}`)
    const [args = []] = callsOf('sbatch')
    const name = args.find((one) => one.startsWith('--job-name='))?.slice('--job-name='.length)
    expect(name).toMatch(/^assay-it_s_a__study__of__HOME___id___1-[0-9a-f]{8}$/)
    expect(args).toEqual([
      '--parsable',
      ...[`--job-name=${name}`, '--array=0-2%2', '--output=slurm/%A_%a.log', '--open-mode=append', '--ntasks=1'],
      ...['--cpus-per-task=2', '--mem=1250M', '--requeue', '--signal=B:USR1@120'],
      ...['--time=2:00:00', '--partition=short', '--account=group 7', '--comment=a "b" \\c', `slurm/${name}.sh`],
    ])
    expect(readFileSync(join(programs, 'sbatch.folder'), 'utf8')).toBe(`${folder}\n`)
    const text = readFileSync(scriptIn(), 'utf8')
    expect(text).toContain(`\n#SBATCH --array=0-2%2\n`)
    expect(text).toContain(`\n#SBATCH "--account=group 7"\n#SBATCH "--comment=a \\"b\\" \\\\c"\n`)
    expect(events()).toEqual(['submitting', 'submitted'])
  })

  it('submits only what is missing, with the options of before where none are given', async () => {
    await slurm(command, { partition: 'short', throttle: 2 }).submit(job())
    queue('17|0|RUNNING|None', '17|1|PENDING|Resources', '17|2|FAILED|NonZeroExitCode')
    expect((await slurm(command).submit(job({ workers: 2 }))).summary).toBe('2 workers are submitted already')
    await slurm(command, { throttle: 4 }).submit(job({ workers: 5 }))
    const [, second = [], ...more] = callsOf('sbatch')
    expect(more).toEqual([])
    expect(second).toEqual(expect.arrayContaining(['--array=0-2%4', '--partition=short']))
    expect(await workersBefore(folder)).toBe(5)
  })

  it('finds an array again whose submitter was killed before it could note the number', async () => {
    await slurm(command).submit(job())
    const file = join(folder, 'slurm.jsonl')
    const [first = ''] = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, `${first}\n{"event":"submit`)
    queue('17|0|RUNNING|None', '17|1|RUNNING|None')
    expect(await (await slurm(command).find(folder))?.status()).toMatchObject({ running: 2, waiting: 0 })
    await slurm(command).submit(job())
    expect(callsOf('squeue').at(-1)).toContain(`--name=${JSON.parse(first).name}`)
    expect(readFileSync(file, 'utf8')).toMatch(
      /\n\{"event":"submit\n\{"event":"submitting".*\n\{"event":"submitted".*\n$/,
    )
  })
})

describe('what is wrong is told in a line', () => {
  it('where Slurm is not', async () => {
    process.env.PATH = programs
    expect(await refusal(slurm(command).submit(job()))).toMatch(
      /^sbatch is not on this machine: .* or take --on local$/,
    )
    expect(events()).toEqual(['submitting'])
  })

  it('where sbatch refuses', async () => {
    queue()
    fake(
      'sbatch',
      'printf "sbatch: error: invalid partition: x\\nsbatch: error: Batch job submission failed\\n" >&2; exit 1',
    )
    expect(await refusal(slurm(command).submit(job()))).toBe(
      'sbatch refuses: invalid partition: x; Batch job submission failed',
    )
    expect(events()).toEqual(['submitting', 'refused'])
  })

  it('where its controller gives no answer, and may have taken the array', async () => {
    fake('sbatch', 'echo "sbatch: error: Batch job submission failed: Socket timed out" >&2; exit 1')
    queue('17|0|PENDING|Priority')
    expect(await refusal(slurm(command).submit(job()))).toContain('Socket timed out')
    expect(events()).toEqual(['submitting'])
    expect(await (await slurm(command).find(folder))?.status()).toMatchObject({ waiting: 1, waitingFor: ['Priority'] })
  })

  it('where a folder or an argument cannot be', async () => {
    const odd = join(root, '100%')
    mkdirSync(odd)
    expect(await refusal(slurm(command).submit(job({ folder: odd })))).toContain('has a %')
    const argument = (...sbatchArgs: string[]) => refusal(slurm(command, { sbatchArgs }).submit(job()))
    expect(await argument('main')).toContain('"main" is no argument of sbatch')
    expect(await argument('--array=1-9')).toContain('assay gives this one itself')
    expect(await argument('-o', 'x')).toContain('assay gives this one itself')
    expect(await argument('--comment=a\nb')).toContain('more than one line')
    writeFileSync(join(folder, 'slurm'), '')
    await expect(slurm(command).submit(job())).rejects.toThrow('EEXIST')
  })

  it('where squeue says something else', async () => {
    fake('sbatch', 'echo 17')
    queue()
    await slurm(command).submit(job())
    queue('JOBID PARTITION')
    expect(await refusal(slurm(command).find(folder))).toContain('squeue said "JOBID PARTITION"')
  })
})

describe('workers on a study', () => {
  const log = (index: number, ...lines: string[]): void =>
    writeFileSync(join(folder, 'slurm', `17_${index}.log`), lines.map((line) => `${line}\n`).join(''))
  const at = (text: string): string => `2026-01-31T12:00:00Z node7: ${text}`

  beforeEach(async () => {
    queue()
    fake('sbatch', 'echo 17')
    await slurm(command).submit(job({ workers: 8 }))
  })

  it('are told by what they do, and failures by what they said', async () => {
    queue(
      ...['17|0|RUNNING|None', '17|1|COMPLETING|None', '17|2|PENDING|JobArrayTaskLimit'],
      ...[
        '17|3|REQUEUE_HOLD|launch failed|requeued held',
        '17|4|OUT_OF_MEMORY|OutOfMemory',
        '17|5|FAILED|RaisedSignal:53',
      ],
    )
    log(0, at('the worker begins'))
    log(4, at('the worker begins'), 'slurmstepd: error: Detected 1 oom_kill event')
    log(6, at('the worker begins'), at('all trials have ended'))
    log(7, at('the worker begins'), 'error: the file has changed', at('given up: code 2'))
    const status = await (await slurm(command).find(folder))?.status()
    expect(status).toEqual({
      ...{ running: 2, waiting: 2, waitingFor: ['JobArrayTaskLimit', 'launch failed|requeued held'] },
      failures: [
        'task 17_4 (slurm/17_4.log): slurmstepd: error: Detected 1 oom_kill event (Slurm: OUT_OF_MEMORY OutOfMemory)',
        'task 17_5 did not begin (Slurm: FAILED RaisedSignal:53)',
        'task 17_7 (slurm/17_7.log): error: the file has changed',
      ],
    })
    expect(callsOf('squeue').at(-1)).toEqual(
      expect.arrayContaining(['--noheader', '--array', '--states=all', '--format=%F|%K|%T|%r']),
    )
  })

  it('are none when all have ended well, on any machine', async () => {
    for (let index = 0; index < 8; index++) log(index, at('the worker begins'), at('stopped'))
    expect(await slurm(command).find(folder)).toBeUndefined()
    expect(await slurm(command).find(join(root, 'bin'))).toBeUndefined()
  })

  it('are cancelled until none is left', async () => {
    queue('17|0|RUNNING|None', '17|1|PENDING|None')
    fake('scancel', `echo '17|0|COMPLETING|None' > '${root}/queue'; (sleep 1.5; : > '${root}/queue') &`)
    await (await slurm(command).find(folder))?.cancel()
    expect(callsOf('scancel')).toEqual([['17']])
  })
})

describe('the script', () => {
  /** Runs the script with a worker that does what is given; it finds the number of its turn in `$turn`. */
  const ran = async (
    worker: string,
    environment: Record<string, string> = {},
  ): Promise<{ code: number; log: string }> => {
    queue()
    fake('sbatch', 'echo 17')
    fake('scontrol', 'exit 0')
    fake('the "$worker"', `echo x >> '${root}/turns'; turn=$(wc -l < '${root}/turns'); ${worker}`)
    await slurm(() => [join(programs, 'the "$worker"'), folder]).submit(job())
    try {
      const log = execFileSync('bash', [scriptIn()], {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      })
      return { code: 0, log }
    } catch (error) {
      if (!(error instanceof Error && 'status' in error && 'stdout' in error)) throw error
      return { code: Number(error.status), log: String(error.stdout) }
    }
  }
  const words = (log: string): string[] =>
    log
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+: /, ''))

  it('hands arguments on as they are, and ends when the study does', async () => {
    const { code, log } = await ran('exit 0')
    expect([code, words(log)]).toEqual([0, ['the worker begins', 'all trials have ended']])
    expect(callsOf('the "$worker"')).toEqual([[folder]])
  })

  it('begins a worker again that took too much memory, or died; three times is enough', async () => {
    const full = await ran('[ $turn = 2 ] || exit 75')
    expect([full.code, words(full.log).at(-1)]).toEqual([0, 'all trials have ended'])
    rmSync(join(root, 'turns'))
    rmSync(scriptIn())
    const { code, log } = await ran('kill -9 $$')
    expect(code).toBe(137)
    expect(words(log).filter((word) => word === 'the worker ended with code 137')).toHaveLength(3)
    expect(words(log).at(-1)).toBe('given up: code 137')
  })

  it('does not begin a worker again that says that none could work', async () => {
    const { code, log } = await ran('exit 2')
    expect([code, words(log)]).toEqual([2, ['the worker begins', 'given up: code 2']])
  })

  const warned = 'kill -USR1 $PPID; kill -USR1 $PPID; while :; do sleep 0.05; done'

  it('does not ask for another turn where the first was too short for any trial', async () => {
    const { code, log } = await ran(`trap 'exit 130' TERM; ${warned}`)
    expect(code).toBe(1)
    expect(words(log).at(-1)).toMatch(/^given up: not one trial has ended before the time limit/)
    expect(readdirSync(root)).not.toContain('scontrol.said')
  })

  it('near the time limit tells the worker once, and has the task queued again', async () => {
    mkdirSync(join(folder, 'results'))
    const worker = `trap 'echo told; exit 130' TERM; : > "$1/results/0"; ${warned}`
    const { code, log } = await ran(worker, { SLURM_ARRAY_JOB_ID: '17', SLURM_ARRAY_TASK_ID: '2' })
    expect([code, words(log)]).toEqual([0, ['the worker begins', 'told', 'queued again']])
    expect(callsOf('scontrol')).toEqual([['requeue', '17_2']])
  })

  it('when all are told to end lets the worker end, and asks for nothing', async () => {
    const worker = "trap '' TERM; kill -TERM $PPID; sleep 0.3; echo given back; exit 130"
    const { code, log } = await ran(worker)
    expect([code, words(log)]).toEqual([130, ['the worker begins', 'given back', 'stopped']])
    expect(readdirSync(root)).not.toContain('scontrol.said')
  })
})
