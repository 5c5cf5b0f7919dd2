import { text } from './fields.ts'

/** A rate or cron expression of EventBridge Scheduler. */
export const scheduleExpression = (description: string) =>
  text(
    /^(?:rate\([1-9]\d* (?:minute|hour|day)s?\)|cron\((?:[^\s()]+ ){5}[^\s()]+\))$/,
    'a rate or cron expression of EventBridge, for example "rate(5 minutes)" or "cron(0 8 ? * MON-FRI *)"',
    description,
  )
