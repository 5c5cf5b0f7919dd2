import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from '../../../lib/aws/session.ts'
import { exportPaths, objectsOf } from '../../../lib/git.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { idToken, onCancel, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { buildPushImage } from './build.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { createLedger } from './ledger.ts'
import type { ImageRepository, Ports } from './ports.ts'
import { summarise } from './summary.ts'

const main = async (): Promise<void> => {
  const context = runContext()
  const inputs = readInputs({ sha: context.sha, workspace: context.workspace, env: process.env })
  const cancel = new AbortController()
  onCancel(() => cancel.abort(new Error('cancelled; a tag that was not set yet is not set any more')))
  const ports = realPorts(inputs, context, cancel.signal)
  const result = await buildPushImage(inputs, ports)
  setOutputs({
    digest: result.digest ?? '',
    image: result.image ?? '',
    repository: result.repository,
    tag: result.tag,
    result: result.result,
    'platform-digests': JSON.stringify(result.platformDigests),
  })
  await writeSummary(summarise(inputs, result, ports.ledger))
}

const realPorts = (inputs: Inputs, { workspace, temporary, runId }: RunContext, signal: AbortSignal): Ports => {
  const common = { log: runnerLog, clock: systemClock, random: Math.random, ledger: createLedger(systemClock) }
  const sessionName = `slipway-build-${runId || 'by-hand'}`
  const open = async (place: { account: string; region: string; role: string | undefined }): Promise<Session> => {
    const { openSession } = await import('../../../lib/aws/session.ts')
    if (place.role !== undefined) common.ledger.count('sts:AssumeRoleWithWebIdentity')
    const { requestTimeout } = inputs
    return openSession({ ...place, requestTimeout, sessionName, idToken, now: systemClock.now })
  }
  let own: Promise<Session> | undefined
  return {
    ...common,
    signal,
    source: {
      read: (commit, paths) => objectsOf(workspace, commit, paths),
      export: (commit, paths, destination) => exportPaths(workspace, commit, paths, destination),
    },
    repository: async (): Promise<ImageRepository> => {
      own ??= open(inputs)
      const [{ ecrRepository }, session] = await Promise.all([import('./ecr.ts'), own])
      return ecrRepository(session, { ...common, ...inputs })
    },
    imageSource: async (): Promise<ImageRepository> => {
      const { source, sourceRole: role } = inputs
      if (source === undefined) throw new Error("there is no 'source' to look in")
      own ??= open(inputs)
      const [{ ecrRepository }, session] = await Promise.all([
        import('./ecr.ts'),
        role === undefined ? own : open({ account: source.account, region: source.region, role }),
      ])
      return ecrRepository(session, { ...common, repository: source.name, at: source, requestTimeout: inputs.requestTimeout })
    },
    builder: async () => (await import('./docker.ts')).dockerBuilder(runnerLog),
    withFolder: async (work) => {
      const folder = await mkdtemp(join(temporary, 'slipway-build-'))
      try {
        return await work(folder)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

await runAction('build-push-image', main)
