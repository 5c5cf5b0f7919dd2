import { existsSync } from 'node:fs'
import { attempt } from './command.ts'

/** What the machine offers by itself: nothing, an engine that can do the work, or one that cannot and why. */
export type SystemEngine =
  | { state: 'none' }
  | { state: 'usable'; name: string }
  | { state: 'unusable'; name: string; missing: string }

type Answers = { server: string; driverStatus: string[][]; buildx: string | undefined; builder: string | undefined }

/**
 * Decides from the engine's own answers whether buildx can write OCI archives. The `docker` driver can only with the containerd
 * image store; a builder of its own (`docker-container`, `remote`, …) always can.
 */
export const judge = ({ server, driverStatus, buildx, builder }: Answers): SystemEngine => {
  const name = `Docker ${server}`
  if (buildx === undefined) return { state: 'unusable', name, missing: 'the buildx plugin of its command line' }
  const containerdStore = driverStatus.some(
    ([key, value]) => key === 'driver-type' && value?.startsWith('io.containerd.snapshotter'),
  )
  const driver = /^Driver:\s*(\S+)/m.exec(builder ?? '')?.[1]
  if (driver === undefined) return { state: 'unusable', name, missing: 'a buildx builder that answers (docker buildx inspect)' }
  if (driver !== 'docker' || containerdStore) return { state: 'usable', name }
  return { state: 'unusable', name, missing: 'the containerd image store, without which it cannot export OCI archives' }
}

const defaultSocket = '/var/run/docker.sock'

/** Asks the engine of `DOCKER_HOST` or of the default socket. Changes nothing. */
export const systemEngine = async (): Promise<SystemEngine> => {
  const options = { timeout: 15_000 }
  const info = await attempt('docker', ['info', '--format', '{{json .}}'], options)
  const { ServerVersion, DriverStatus } = JSON.parse(info || '{}') as { ServerVersion?: string; DriverStatus?: string[][] }
  if (!ServerVersion) {
    const host = process.env['DOCKER_HOST']
    if (!host && !existsSync(defaultSocket)) return { state: 'none' }
    const client = await attempt('docker', ['--version'])
    const name = `the Docker engine at ${host ?? defaultSocket}`
    return { state: 'unusable', name, missing: client ? 'an answer to this user' : 'the docker command line' }
  }
  const [buildx, builder] = await Promise.all([
    attempt('docker', ['buildx', 'version'], options),
    attempt('docker', ['buildx', 'inspect'], options),
  ])
  return judge({ server: ServerVersion, driverStatus: DriverStatus ?? [], buildx, builder })
}
