import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process of this machine, and no other call in this one, runs under the same name. The name is that of
 * an abstract socket (unix(7)): only one can listen to it, and the kernel gives it back where its holder is killed.
 */
export const alone = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  let lock = await take(name)
  for (; lock === undefined; lock = await take(name)) await sleep(100)
  try {
    return await work()
  } finally {
    lock.close()
    await once(lock, 'close')
  }
}

const take = async (name: string): Promise<Server | undefined> => {
  const lock = createServer()
  try {
    await once(lock.listen(`\0${name}.lock`), 'listening')
    return lock
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}
