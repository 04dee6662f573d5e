import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

/** Debian's packages: slurmctld slurmd slurm-client munge. */
const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol']

/** Why no cluster can be started on this machine; undefined where one can. */
export function whyNoCluster(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start a Slurm cluster'
  const missing = PROGRAMS.filter((program) => spawnSync('which', [program]).status !== 0)
  return missing.length === 0 ? undefined : `${missing.join(', ')}: not installed`
}

/** More tasks run at once than most machines for tests have cores. */
const CPUS = 4

const config = (folder: string, host: string, ports: readonly number[]): string => `ClusterName=assay
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
AuthType=auth/munge
# A task that is queued again waits as long as its old credential is good: 120 s if nothing is said.
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
KillWait=5
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${CPUS} RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`

export interface Cluster {
  /** What Slurm's commands need in their environment. */
  readonly environment: { readonly SLURM_CONF: string }
  /** Ends all jobs and all daemons. */
  stop(): Promise<void>
}

/**
 * A Slurm cluster of one node, this machine, apart from any other that there may be: configuration, key, state and ports are its own. Its daemons end with
 * this process, however that ends.
 *
 * @throws Error with the daemons' logs where the node does not come up
 */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-slurm-'))
  const host = hostname().split('.')[0] ?? ''
  const file = join(folder, 'slurm.conf')
  await Promise.all(['state', 'spool'].map((name) => mkdir(join(folder, name))))
  await writeFile(join(folder, 'munge.key'), randomBytes(128), { mode: 0o600 })
  await writeFile(file, config(folder, host, await freePorts(2)))
  const environment = { SLURM_CONF: file }
  const options = { env: { ...process.env, ...environment } }
  const daemons: Daemon[] = []
  const stop = async (): Promise<void> => {
    const jobs = async () =>
      (await run('squeue', ['--noheader', '--format=%A'], options)).stdout.split('\n').filter(Boolean)
    for (let left = await jobs().catch(() => []), i = 0; left.length > 0 && i < 30; left = await jobs(), i++) {
      await run('scancel', left, options).catch(() => {})
      await wait(500)
    }
    for (const daemon of daemons.toReversed()) await daemon.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const munge = [
      'socket=munge.socket',
      'key-file=munge.key',
      'log-file=munged.log',
      'pid-file=munged.pid',
      'seed-file=seed',
    ]
    daemons.push(
      start('munged', ['--foreground', '--force', ...munge.map((one) => `--${one.replace('=', `=${folder}/`)}`)]),
      start('slurmctld', ['-D', '-f', file]),
      start('slurmd', ['-D', '-f', file]),
    )
    const isUp = async (): Promise<boolean> =>
      /^idle/.test((await run('sinfo', ['--noheader', '--format=%T'], options).catch(() => ({ stdout: '' }))).stdout)
    for (let i = 0; !(await isUp()); i++) {
      if (i === 60) throw new Error(`the node does not come up:\n${daemons.map(({ said }) => said()).join('\n')}`)
      await wait(500)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { environment, stop }
}

interface Daemon {
  said(): string
  stop(): Promise<void>
}

function start(program: string, args: readonly string[]): Daemon {
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      text = `${text}${chunk}`.slice(-4000)
    })
  const ended = new Promise<void>((done) => child.on('close', () => done()))
  return {
    said: () => `${program}: ${text}`,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Ports that nobody has at this moment, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((done) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            done(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}
