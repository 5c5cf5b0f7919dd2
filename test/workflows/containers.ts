import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { OciStore } from '../../local/aws/ecr/store.ts'
import { dockerRuntime } from '../../local/containers/docker.ts'
import type { ContainerRuntime, ContainerSpec } from '../../local/containers/runtime.ts'
import { type Script, scriptedRuntime } from '../../local/containers/scripted.ts'
import { dockerLog } from '../../local/demo/docker-log.ts'
import { registryStore } from '../../local/demo/local-cloud.ts'
import type { Engine } from '../../local/engine/engine.ts'
import { scaledTime, type Time } from '../../local/time.ts'
import { dockerStandIn } from './docker-stand-in.ts'

/** What builds images and runs containers in a world. */
export type Containers = {
  time: Time
  runtime: ContainerRuntime
  /** Absent: images are kept in memory. */
  store?: OciStore
  /** What a container does, by digest. Without another word services run for ever and commands end well. */
  script: Script
  docker: {
    /** To be put first on PATH. */
    folder: string
    env: Record<string, string>
    /** Arguments of each process so far, a line each. */
    calls(): string[]
  }
}

/** Nothing is really run; images hold the files of their context. */
export const scriptedContainers = (folder: string): Containers => {
  const time = scaledTime(20)
  const isCommand = ({ command = [] }: ContainerSpec): boolean => command.length > 0
  const script: Script = { '*': (spec) => (isCommand(spec) ? { exitsWith: 0, exitsAfter: 500 } : {}) }
  return { time, script, runtime: scriptedRuntime(script, time), docker: { ...dockerStandIn(join(folder, 'docker')), env: {} } }
}

/** A Docker engine builds and runs, and a registry of its own process keeps the images. */
export const realContainers = async (folder: string, { kind, env: given }: Engine, home: string): Promise<Containers> => {
  const time = scaledTime()
  // A step's home is a folder of its own; the user's plugins of docker are in theirs.
  const env = { ...(kind === 'system' && { DOCKER_CONFIG: join(homedir(), '.docker') }), ...given }
  const log = await dockerLog(join(folder, 'docker'), { ...process.env, ...env } as Record<string, string>)
  const calls = (): string[] =>
    readFileSync(join(log.folder, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  const { PATH: _, ...others } = env
  return {
    time,
    script: {},
    runtime: dockerRuntime(time, { env }),
    store: await registryStore(home, () => undefined),
    docker: { folder: log.folder, env: others, calls },
  }
}
