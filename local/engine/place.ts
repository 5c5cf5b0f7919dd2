import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'

/** Where the private engine of one clone lives. All of it is derived, so that a later start finds what a killed one left. */
export type EnginePlace = {
  /** Unpacked programs. Kept between starts. */
  programs: string
  /** Images and containers. */
  data: string
  /** Sockets and pid files: a short path, because a socket's may have 107 bytes only. */
  run: string
  /** Name of the control group, of the bridge (at most 15 bytes), and of the lock that is held while the engine starts or ends. */
  group: string
  /** Docker's own configuration folder with the buildx plugin. */
  config: string
  logs: string
  /** Who started the engine, and the network it was given. */
  state: string
}

export const enginePlace = (home: string): EnginePlace => {
  const root = resolve(home, 'engine')
  const group = `slipway-${createHash('sha256').update(root).digest('hex').slice(0, 6)}`
  const inside = (name: string) => join(root, name)
  return {
    programs: inside('programs'),
    data: inside('data'),
    run: `/run/${group}`,
    group,
    config: inside('config'),
    logs: inside('logs'),
    state: inside('state.json'),
  }
}

/** Programs of the unpacked packages, in the order in which they are looked for. */
export const programPath = ({ programs }: EnginePlace): string =>
  [...['usr/bin', 'usr/sbin'].map((folder) => join(programs, folder)), process.env['PATH'] ?? ''].join(':')
