import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isAlive, type ProcessId } from './process.ts'

const isHeld = async (path: string): Promise<boolean> => {
  try {
    return await isAlive(JSON.parse(await readFile(path, 'utf8')) as ProcessId)
  } catch {
    // Gone, or its owner was killed before it had written its name.
    return false
  }
}

/** Runs `work` while no other process on this machine runs under the same lock file. A killed holder holds nothing. */
export const alone = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(path), { recursive: true })
  const me = JSON.stringify(await identify(process.pid))
  while (
    !(await writeFile(path, me, { flag: 'wx' }).then(
      () => true,
      () => false,
    ))
  ) {
    // A holder that has just created the file gets the time to write its name.
    for (let free = 0; free < 2; await sleep(100)) free = (await isHeld(path)) ? 0 : free + 1
    await rm(path, { force: true })
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}
