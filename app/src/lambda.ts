import { createApp } from './app.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { eventHandler } from './events.ts'
import { createLog } from './log.ts'
import { reportInitError, serveInvocations } from './runtime-api.ts'

/** The service as a Lambda function: the same image, with `node dist/lambda.js` as its command. */
const runtime = process.env['AWS_LAMBDA_RUNTIME_API']
const write = (line: string) => process.stdout.write(line)

const configure = async (): Promise<Configuration> => {
  try {
    if (!runtime) throw new Error('AWS_LAMBDA_RUNTIME_API is ""; Lambda sets it to the address of its Runtime API')
    return readConfiguration(process.env)
  } catch (error) {
    createLog('info', write).error('cannot start', { reason: (error as Error).message })
    if (runtime) await reportInitError(runtime, error).catch(() => undefined)
    process.exit(1)
  }
}

// The first process of a container is not ended by a signal that it does not handle.
process.on('SIGTERM', () => process.exit(0))
const configuration = await configure()
const log = createLog(configuration.logLevel, write)
const app = createApp(configuration, { status: 'ready' }, log)
log.info('ready', { service: configuration.service, version: configuration.version })
try {
  await serveInvocations(runtime ?? '', eventHandler(app, configuration))
} catch (error) {
  log.error('cannot take events', { reason: String(error) })
  process.exit(1)
}
