const levels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof levels)[number]

export type Configuration = {
  port: number
  logLevel: LogLevel
  service: string
  environment: string
  /** Content tag of the image, baked in when it is built. */
  version: string
  /** Base address of the task metadata endpoint; only on ECS. */
  taskMetadata?: string
  /** How long requests are still accepted after readiness is off, for load balancers that find out by asking. */
  drainSeconds: number
  /** How long requests in flight may take to finish. Less than the platform waits before it kills (ECS: 30 s). */
  stopSeconds: number
}

const integer = (env: NodeJS.ProcessEnv, name: string, fallback: number, min: number, max: number): number => {
  const text = env[name] || String(fallback)
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new Error(`${name} is "${text}"; it must be a whole number from ${min} to ${max}`)
}

const isLevel = (text: string): text is LogLevel => levels.some((level) => level === text)

/** Reads and checks the whole configuration. Throws with the name, the value and what is allowed. */
export const readConfiguration = (env: NodeJS.ProcessEnv): Configuration => {
  const logLevel = env['LOG_LEVEL'] || 'info'
  if (!isLevel(logLevel)) throw new Error(`LOG_LEVEL is "${logLevel}"; it must be one of ${levels.join(', ')}`)
  const taskMetadata = env['ECS_CONTAINER_METADATA_URI_V4']
  if (taskMetadata && !URL.canParse(taskMetadata))
    throw new Error(`ECS_CONTAINER_METADATA_URI_V4 is "${taskMetadata}"; it must be a URL`)
  return {
    port: integer(env, 'PORT', 8080, 0, 65_535),
    logLevel,
    service: env['SERVICE'] || 'app',
    environment: env['ENVIRONMENT'] || 'local',
    version: env['VERSION'] || 'unversioned',
    ...(taskMetadata && { taskMetadata }),
    drainSeconds: integer(env, 'DRAIN_SECONDS', 0, 0, 120),
    stopSeconds: integer(env, 'STOP_SECONDS', 25, 1, 120),
  }
}
