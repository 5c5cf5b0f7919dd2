import type { Session } from '../../../../../lib/aws/session.ts'
import { parseImage } from '../../../../../lib/image.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Ec2Place } from '../../place.ts'
import type { Deployment, DeploymentTarget, Running, TargetTools, Wanted } from '../../target.ts'
import { groupCauses } from './causes.ts'
import { pinDocument } from './document.ts'
import type { Fleet, PinnedFleet } from './fleet.ts'
import { createLedger } from './ledger.ts'
import { proveHosts } from './prove.ts'
import { type Reading, readHosts } from './read.ts'
import { releaseName } from './release.ts'
import { restoreHosts } from './restore.ts'
import { runOnHost } from './run.ts'
import { sweepAgain, watchDeployment } from './watch.ts'

type Ec2Options = Ec2Place & {
  /** Identity of this attempt of this run; commands and releases are named by it. */
  run: string
  /** Address of this run, by which those of others are written. */
  runUrl?: string
}

/** A container on EC2 hosts that carry a tag, switched by the program of an SSM document. */
export const ec2Target = async (session: Session, tools: TargetTools, options: Ec2Options): Promise<DeploymentTarget> => {
  const [{ EC2Client }, { SSMClient }] = await Promise.all([import('@aws-sdk/client-ec2'), import('@aws-sdk/client-ssm')])
  const { run, runUrl, kind: _, ...place } = options
  const ledger = createLedger()
  const fleet: Fleet = {
    ...place,
    ec2: session.client(EC2Client),
    ssm: session.client(SSMClient),
    once: session.clientWithoutRetry(SSMClient),
    tools,
    ledger,
    reached: new Set(),
    latest: { at: Number.NEGATIVE_INFINITY, seen: new Map() },
  }
  const reader = run.trim().replaceAll(' ', '-') || 'by-hand'
  let pinned: Promise<PinnedFleet> | undefined
  let reading: Reading | undefined
  let registryHost = ''

  const pin = (host: string): Promise<PinnedFleet> => {
    registryHost = host
    pinned ??= pinDocument(fleet, host).then((pin) => ({ ...fleet, pin }))
    return pinned
  }
  const ready = (image: string): Promise<PinnedFleet> => pin(parseImage(image)?.host ?? registryHost)

  const read = async (wanted: readonly Wanted[]): Promise<Reading> => {
    const [only, ...more] = wanted
    if (only === undefined || more.length > 0) throw new Refusal(`a service on EC2 hosts runs one image, got ${wanted.length}`)
    pinned = undefined
    reading = await readHosts(fleet, pin, session.guard, only, reader, runUrl)
    return reading
  }

  // Nothing is sent yet: a process that is killed with the first command has left a deployment that can be found.
  const begin = async (wanted: readonly Wanted[], running: Running): Promise<Deployment> => {
    const { image = '', digest = '' } = wanted[0] ?? {}
    const startedAt = tools.clock.now()
    return { id: releaseName(run, digest, startedAt), revision: image, previous: running, startedAt }
  }

  return {
    read: async (wanted) => (await read(wanted)).running,

    runOnce: async (command, wanted, running, signal) => {
      const { image = '', digest = '' } = wanted[0] ?? {}
      const host = running.hosts?.find(({ skipped }) => !skipped)?.id ?? ''
      const deployment = releaseName(run, digest, tools.clock.now())
      return runOnHost(
        await ready(image),
        host,
        { deployment, image, command, known: [...running.deployments, deployment] },
        signal,
      )
    },

    start: begin,

    // Under a name of its own: what the other run has sent is waited for, and is not this run's to cancel.
    attach: (running) =>
      begin([{ image: reading?.wanted ?? '', digest: parseImage(reading?.wanted ?? '')?.digest ?? '' }], running),

    watch: async (deployment, watchOptions) =>
      watchDeployment(await ready(deployment.revision), deployment, watchOptions, runUrl),

    causes: async () => groupCauses([], place.service),

    restore: async (running, ours, deadline) => restoreHosts(await ready(''), running, ours, deadline),

    prove: async (expected, aliases, before, limits) => proveHosts(await ready(''), expected, aliases, reader, before, limits),

    expected: (wanted) => ({ [place.service]: wanted[0]?.digest ?? '' }),

    catchUp: async (wanted, running, aliases, watchOptions) => {
      const deployment = await begin(wanted, running)
      const program = await ready(deployment.revision)
      const trouble = await sweepAgain(program, deployment, watchOptions, runUrl)
      if (trouble !== undefined) return trouble
      const proof = await proveHosts(program, { [place.service]: wanted[0]?.digest ?? '' }, aliases, reader)
      return proof.proven ? undefined : proof.problem
    },

    startsSilently: true,

    hosts: ledger.rows,
  }
}
