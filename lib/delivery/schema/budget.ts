import { z } from 'zod'
import { list, NAME, NAME_EXPECTED, section, text, whole } from './fields.ts'

const LIMIT = 'an amount above 0, for example 100'

/** AWS Budgets takes five notifications a budget (CreateBudget, API reference). */
const MOST = { actual: 3, forecast: 2 }

const percentages = (of: keyof typeof MOST, description: string) =>
  list(whole(1, 1000, 'Percentage of the limit.'), of === 'actual' ? '[80, 100]' : '[100]', description, MOST[of])

export const budget = section(
  {
    name: text(
      NAME,
      NAME_EXPECTED,
      'Word that tells this budget from the others of the environment; AWS calls it <project>-<environment>-<name>. Default: none, <project>-<environment> for the first one.',
    ).optional(),
    limit: z
      .number({ error: LIMIT })
      .positive({ error: LIMIT })
      .describe('Amount a month, of money or, with `usage`, of its unit.'),
    currency: text(
      /^[A-Z]{3}$/,
      'a currency of three capitals, for example "USD"',
      'Currency of the limit: the one that AWS bills in. Default: USD.',
    ).optional(),
    service: text(
      /^\S.{0,255}$/,
      'the name of a service in Cost Explorer, for example "Amazon Elastic Compute Cloud - Compute"',
      'Counts this service of AWS alone. With a limit of 1 it tells that something runs which nobody expects.',
    ).optional(),
    usage: text(
      /^\S.{0,255}$/,
      'a usage type group of Cost Explorer, for example "EC2: Running Hours"',
      'Counts use, not money: a usage type group of Cost Explorer. Goes with `unit`.',
    ).optional(),
    unit: text(
      /^[A-Za-z][\w -]{0,63}$/,
      'the unit in which AWS counts it, for example "Hrs" or "GB"',
      'Unit of the limit where `usage` is counted, as Cost Explorer has it.',
    ).optional(),
    thresholds: section(
      {
        actual: percentages('actual', 'Percentages of the limit that were spent. Default: 80 and 100.').optional(),
        forecast: percentages('forecast', 'Percentages of the limit that are forecasted for the month. Default: 100.').optional(),
      },
      'When it tells: once each a month.',
    ).optional(),
  },
  'A monthly budget.',
).refine(({ usage, unit, currency }) => (usage === undefined) === (unit === undefined) && !(usage && currency), {
  error: 'a budget of money, or one that has usage, unit and no currency',
})

export type Budget = z.infer<typeof budget>
