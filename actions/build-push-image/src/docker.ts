import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { readLayout } from '../../../lib/oci/layout.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { childEnvironment } from '../../../lib/runner/child.ts'
import type { Log } from '../../../lib/runner/log.ts'
import { type BuildRequest, buildArguments, failureOf, lacksBuildx, needsBuilder } from './buildx.ts'
import type { ImageBuilder } from './ports.ts'

/** Builds with the docker command line of this machine. */
export const dockerBuilder = (log: Log): ImageBuilder => ({
  build: async (request, signal) => {
    const first = await docker(buildArguments(request), signal, log)
    if (first.exitCode !== 0 && needsBuilder(first.output) && request.builder === undefined) {
      log.info('the docker driver of this engine cannot export this image: building with a temporary builder in a container')
      await buildApart(request, signal, log)
    } else {
      succeed(first)
    }
    return readLayout(request.layout)
  },
})

/** Hosted runners without the containerd image store need this: the builder's own image is pulled first. */
const buildApart = async (request: BuildRequest, signal: AbortSignal, log: Log): Promise<void> => {
  const builder = `slipway-${randomBytes(6).toString('hex')}`
  const create = ['buildx', 'create', '--name', builder, '--driver', 'docker-container']
  try {
    succeed(await docker(create, signal, log))
    succeed(await docker(buildArguments({ ...request, builder }), signal, log))
  } finally {
    await docker(['buildx', 'rm', '--force', builder], undefined, log)
  }
}

type Ended = { exitCode: number; output: string }

const succeed = ({ exitCode, output }: Ended): void => {
  if (exitCode === 0) return
  if (lacksBuildx(output))
    throw new Refusal('docker has no buildx on this runner: install the docker-buildx plugin; nothing was pushed')
  if (needsBuilder(output))
    throw new Refusal(`the builder given as 'builder' cannot export this image: ${failureOf(output)}; nothing was pushed`)
  throw new Error(`the build failed: ${failureOf(output)}; nothing was pushed`)
}

/** Where docker says why it failed: first what it does not know, then its usage; or a long build, then the error. */
const KEPT = { first: 5, last: 50 }

/** A signal ends docker in its own way, so that the build stops in the engine too; only then does this reject. */
const docker = (args: string[], signal: AbortSignal | undefined, log: Log): Promise<Ended> =>
  new Promise((resolve, reject) => {
    log.info(`docker ${args.join(' ')}`)
    const kept: string[] = []
    let failure: Error | undefined
    const child = spawn('docker', args, {
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    })
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.info(line)
        if (kept.push(line) > KEPT.first + KEPT.last) kept.splice(KEPT.first, 1)
      })
    }
    child.on('error', (error) => {
      failure =
        'code' in error && error.code === 'ENOENT'
          ? new Refusal('docker was not found on this runner: install Docker with the buildx plugin; nothing was pushed')
          : error
    })
    child.on('close', (exitCode) => {
      if (failure) reject(failure)
      else resolve({ exitCode: exitCode ?? 1, output: kept.join('\n') })
    })
  })
