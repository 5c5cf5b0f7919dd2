import { readConfiguration } from './configuration.ts'
import { createLog } from './log.ts'

/**
 * Runs once before a deployment, in the new image and with the service's configuration. It may run again at any time, so every
 * step must be one that changes nothing the second time. The service keeps no data: what it can fail on is its configuration.
 */
const log = createLog('info', (line) => process.stdout.write(line))
try {
  const { service, environment, version } = readConfiguration(process.env)
  log.info('nothing to migrate', { service, environment, version })
} catch (error) {
  log.error('cannot migrate', { reason: (error as Error).message })
  process.exitCode = 1
}
