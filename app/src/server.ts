import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { createApp, type Instance } from './app.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { createLog, type Log } from './log.ts'
import { imageDigest } from './task-metadata.ts'

const write = (line: string) => process.stdout.write(line)

const configure = (): Configuration => {
  try {
    return readConfiguration(process.env)
  } catch (error) {
    createLog('info', write).error('cannot start', { reason: (error as Error).message })
    process.exit(1)
  }
}

const findDigest = async ({ taskMetadata }: Configuration, log: Log): Promise<Pick<Instance, 'digest'>> => {
  if (!taskMetadata) return {}
  try {
    const digest = await imageDigest(taskMetadata)
    return digest === undefined ? {} : { digest }
  } catch (error) {
    // The service works without; /version then leaves it out.
    log.warn('task metadata unavailable', { reason: String(error) })
    return {}
  }
}

const configuration = configure()
const log = createLog(configuration.logLevel, write)
const instance: Instance = { status: 'starting' }
const server = createAdaptorServer({ fetch: createApp(configuration, instance, log).fetch })
if ('keepAliveTimeout' in server) {
  // Longer than a load balancer keeps its connections (ALB: 60 s), so that the side that sends requests closes first.
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 66_000
}

const stop = async (signal: NodeJS.Signals) => {
  if (instance.status === 'draining') process.exit(1)
  instance.status = 'draining'
  log.info('stopping', { signal })
  await sleep(configuration.drainSeconds * 1_000)
  const limit = setTimeout(() => {
    log.error('requests did not finish in time', { seconds: configuration.stopSeconds })
    process.exit(1)
  }, configuration.stopSeconds * 1_000)
  limit.unref()
  server.close(() => log.info('stopped'))
  // A connection whose answer had begun before the signal falls idle only now.
  if ('closeIdleConnections' in server) setInterval(() => server.closeIdleConnections(), 250).unref()
}

process.on('SIGTERM', stop)
process.on('SIGINT', stop)

server.on('error', (error) => {
  log.error('cannot listen', { port: configuration.port, reason: error.message })
  process.exit(1)
})

server.listen(configuration.port, async () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : configuration.port
  Object.assign(instance, await findDigest(configuration, log))
  if (instance.status === 'starting') instance.status = 'ready'
  const { service, environment, version } = configuration
  log.info('ready', { port, service, environment, version, digest: instance.digest })
})
