import { z } from 'zod'
import { command, duration, NAME, named, section } from './fields.ts'
import { scheduleExpression } from './schedule.ts'

const isTimezone = (name: string): boolean => {
  try {
    return /^[A-Z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

const TIMEZONE = 'a time zone of IANA, for example "Europe/Zurich"'

const schedule = section(
  {
    at: scheduleExpression('When it runs.'),
    timezone: z
      .string({ error: TIMEZONE })
      .refine(isTimezone, { error: TIMEZONE })
      .describe('Time zone of a cron expression, with its summer time. Default: UTC.')
      .optional(),
    command: command(
      'Command that runs in a task of its own, in the image that was proven last. It should be idempotent: EventBridge may call twice.',
    ),
    timeout: duration('1m', '24h', 'How long it may take before its task is stopped. Default: 1h.').optional(),
  },
  'A command that runs by the clock.',
)

/** Commands of a service on ECS that run by the clock. */
export const schedules = named(
  schedule,
  NAME,
  'Commands that run by the clock, each in a task of its own beside those of the service. One does not run while it still runs.',
)
