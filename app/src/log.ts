import type { LogLevel } from './configuration.ts'

const severity: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

export type Log = Record<LogLevel, (message: string, fields?: Record<string, unknown>) => void>

/** One JSON object a line, as log services index it. Fields never replace time, level and message. */
export const createLog = (level: LogLevel, write: (line: string) => void): Log => {
  const at = (own: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (severity[own] < severity[level]) return
    write(`${JSON.stringify({ ...fields, time: new Date().toISOString(), level: own, message })}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
