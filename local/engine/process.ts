import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process as nothing but a reboot can confuse it: numbers are used again, start times (in kernel ticks) are not. */
export type ProcessId = { pid: number; started: string }

export const identify = async (pid: number): Promise<ProcessId | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is the program's name in parentheses and may contain spaces; the start time is the 20th after it.
  const started = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return started === undefined ? undefined : { pid, started }
}

export const isAlive = async ({ pid, started }: ProcessId): Promise<boolean> => (await identify(pid))?.started === started

/** Processes whose `/proc/<pid>/<file>` names `text`: ours are known by a path or a control group that no one else uses. */
export const processesNaming = async (text: string, file: 'cmdline' | 'cgroup'): Promise<number[]> => {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1 && pid !== process.pid)
  const named = await Promise.all(
    pids.map(async (pid) => ((await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).includes(text) ? [pid] : [])),
  )
  return named.flat()
}

/** Not a zombie: where the first process reaps no orphans, ended ones stay listed. */
const runs = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const signal = (pid: number, name: NodeJS.Signals) => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}

/** Asks the processes to end, and kills those that have not after `patience` milliseconds. Returns when they are gone. */
export const end = async (pids: number[], patience: number): Promise<void> => {
  for (const pid of pids) signal(pid, patience > 0 ? 'SIGTERM' : 'SIGKILL')
  const deadline = Date.now() + patience
  const kill = Date.now() + patience + 5_000
  for (let killed = patience <= 0; pids.some(runs) && Date.now() < kill; await sleep(25)) {
    if (killed || Date.now() < deadline) continue
    killed = true
    for (const pid of pids) signal(pid, 'SIGKILL')
  }
}
