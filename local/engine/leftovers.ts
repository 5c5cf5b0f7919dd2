import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt } from './command.ts'
import type { EnginePlace } from './place.ts'
import { end, processesNaming } from './process.ts'

/** Every mount below these folders, the deepest first. */
export const mountsBelow = (mountinfo: string, folders: string[]): string[] =>
  mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .sort((a, b) => b.length - a.length)

const removeControlGroups = async (root: string, name: string, depth = 0): Promise<void> => {
  for (const entry of await readdir(root, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory()) continue
    const path = join(root, entry.name)
    const ours = path.includes(`/${name}`)
    // Controllers are one or two levels deep; only below our own group is everything walked.
    if (ours || depth < 1) await removeControlGroups(path, name, depth + 1)
    if (ours) await rmdir(path).catch(() => undefined)
  }
}

/**
 * Ends what is left of our engine, whatever state it was killed in, and removes its files. Processes are found by the path of our
 * socket and by our control group, so it needs no record and can touch nothing of another engine.
 */
export const removeLeftovers = async ({ run, data, group }: EnginePlace): Promise<void> => {
  const daemons = await processesNaming(`${run}/`, 'cmdline')
  await end(daemons, 10_000)
  await end(await processesNaming(`/${group}/`, 'cgroup'), 0)
  await removeControlGroups('/sys/fs/cgroup', group)
  for (const path of mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), [run, data]))
    await attempt('umount', ['-l', path])
  const mounted = mountsBelow(await readFile('/proc/self/mountinfo', 'utf8'), [run, data])
  if (mounted.length > 0) throw new Error(`${mounted[0]} is still mounted; unmount it and start again`)
  for (const path of [run, data]) await rm(path, { recursive: true, force: true })
  // containerd's shims and dockerd make these fixed folders whatever they are told; they are removed only when empty.
  const fixed = ['/run/containerd/s', '/run/containerd', '/run/docker/plugins', '/run/docker']
  for (const path of fixed) await rmdir(path).catch(() => undefined)
}
