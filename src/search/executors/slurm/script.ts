import { WORKER_EXIT } from '../executor.ts'

/** How often a task's worker may die before its task ends: something is wrong with the machine then, or with the code. */
const DEATHS = 3

/** The last words of a task's log that had a good end. A log without them is that of a task which failed, or was killed. */
export const GOOD_ENDS = ['all trials have ended', 'stopped', 'queued again'] as const
const [DONE, STOPPED, AGAIN] = GOOD_ENDS
/** Before what the script says of itself: `2026-01-31T12:00:00Z node7: the worker begins`. */
export const OWN_LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S+: (.*)$/

/** A word of a shell's command line that means itself. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

/** An argument on an `#SBATCH` line, which has quotes of its own. */
const quoteDirective = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["\\]/g, String.raw`\$&`)}"`

export interface Script {
  /** Of the study; absolute. */
  readonly folder: string
  /** Of the script, in the study's folder. */
  readonly file: string
  readonly sbatchArguments: readonly string[]
  /** In which workers start; absolute. */
  readonly workingFolder: string
  readonly command: readonly string[]
}

/**
 * The batch script of a task: it keeps one worker going.
 *
 * When the time limit is near, Slurm tells the script alone (`--signal=B:USR1`), which tells the worker and has the task queued again. When a task is
 * cancelled or preempted, Slurm tells all processes of it (SIGTERM), and queues what was preempted again by itself.
 */
export const scriptText = ({
  folder,
  file,
  sbatchArguments,
  workingFolder,
  command,
}: Script): string => `#!/usr/bin/env bash
# Workers on a study, submitted by assay search --on slurm. By hand:
#   cd ${quote(folder)} && sbatch ${quote(file)}
${sbatchArguments.map((argument) => `#SBATCH ${quoteDirective(argument)}`).join('\n')}

set -u
say() { printf '%s %s: %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(hostname)" "$*"; }
worker='' told='' again='' stopped=''
# Once: a worker that is told twice stops at once, and Slurm may send a signal more than once.
tell() { if [ -n "$worker" ] && [ -z "$told" ]; then told=yes; kill -TERM "$worker" 2>/dev/null; fi; }
trap 'again=yes; tell' USR1
trap 'stopped=yes' TERM INT

cd ${quote(workingFolder)} || { say 'this node does not see the folder above: it must be on a shared file system'; exit ${WORKER_EXIT.usage}; }
ended() { ls ${quote(`${folder}/results`)} 2>/dev/null | wc -l; }
before=$(ended)
deaths=0
code=0
while [ -z "$again$stopped" ]; do
  say 'the worker begins'
  ${command.map(quote).join(' ')} &
  worker=$!
  [ -z "$again" ] || tell
  # A signal ends the waiting, not the worker.
  while wait "$worker"; code=$?; kill -0 "$worker" 2>/dev/null; do :; done
  [ -z "$again$stopped" ] || break
  case $code in
    ${WORKER_EXIT.full}) say 'the worker has taken too much memory: another one follows' ;;
    ${WORKER_EXIT.done} | ${WORKER_EXIT.usage} | ${WORKER_EXIT.stopped}) break ;;
    *)
      deaths=$((deaths + 1))
      say "the worker ended with code $code"
      [ "$deaths" -lt ${DEATHS} ] || break
      ;;
  esac
done

if [ "$code" -eq ${WORKER_EXIT.done} ] && [ -n "$worker" ]; then
  say '${DONE}'
elif [ -n "$stopped" ] || { [ "$code" -eq ${WORKER_EXIT.stopped} ] && [ -z "$again" ]; }; then
  say '${STOPPED}'
elif [ -n "$again" ] && [ "$(ended)" -eq "$before" ]; then
  # Nor would any end the next time, and the next.
  say 'given up: not one trial has ended before the time limit; give a longer --time'
  exit 1
elif [ -n "$again" ]; then
  say '${AGAIN}'
  # Slurm may end this script before it can say that all went well.
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && exit 0
  code=$?
  say "not queued again: scontrol ended with code $code"
else
  say "given up: code $code"
fi
exit "$code"
`
