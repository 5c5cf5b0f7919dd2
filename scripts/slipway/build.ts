import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPushImage } from '../../actions/build-push-image/src/build.ts'
import { dockerBuilder } from '../../actions/build-push-image/src/docker.ts'
import { ecrRepository } from '../../actions/build-push-image/src/ecr.ts'
import type { Inputs } from '../../actions/build-push-image/src/inputs.ts'
import { createLedger } from '../../actions/build-push-image/src/ledger.ts'
import type { Ports } from '../../actions/build-push-image/src/ports.ts'
import type { Session } from '../../lib/aws/session.ts'
import type { WantedImage } from '../../lib/delivery/images.ts'
import type { DeploymentPlan } from '../../lib/delivery/plan.ts'
import { exportPaths, objectsOf } from '../../lib/git.ts'
import { parseImage } from '../../lib/image.ts'
import { systemClock } from '../../lib/runner/clock.ts'
import { terminalLog } from './terminal.ts'

/** Builds an image of the plan with the Docker of this machine and pushes it, as build-push-image does; resolves to its digest. */
export const buildByHand = async (
  plan: DeploymentPlan,
  image: WantedImage,
  session: Session,
  signal: AbortSignal,
): Promise<string> => {
  const inputs = inputsOf(plan, image, session)
  const { digest } = await buildPushImage(inputs, ports(inputs, session, signal))
  if (digest === undefined) throw new Error(`building ${image.name} gave no digest`)
  return digest
}

const inputsOf = ({ release, services }: DeploymentPlan, image: WantedImage, session: Session): Inputs => ({
  image: { ...image, platforms: image.platforms ?? ['linux/amd64'] },
  commit: release.commit,
  repository: parseImage(image.repository)?.name ?? '',
  tag: undefined,
  whenMissing: 'build',
  runsOn: services.some((service) => service.image === image.name && service.target === 'lambda') ? 'lambda' : 'container',
  secrets: [],
  builder: undefined,
  account: session.account,
  region: session.region,
  role: undefined,
  source: undefined,
  sourceRole: undefined,
  requestTimeout: session.requestTimeout,
  dryRun: false,
})

const ports = (inputs: Inputs, session: Session, signal: AbortSignal): Ports => {
  const common = { log: terminalLog, clock: systemClock, random: Math.random, ledger: createLedger(systemClock) }
  const here = process.cwd()
  return {
    ...common,
    signal,
    source: {
      read: (commit, paths) => objectsOf(here, commit, paths),
      export: (commit, paths, destination) => exportPaths(here, commit, paths, destination),
    },
    repository: async () => ecrRepository(session, { ...common, ...inputs }),
    imageSource: () => Promise.reject(new Error('there is no other repository to look in')),
    builder: async () => dockerBuilder(terminalLog),
    withFolder: async (work) => {
      const folder = await mkdtemp(join(tmpdir(), 'slipway-build-'))
      try {
        return await work(folder)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}
