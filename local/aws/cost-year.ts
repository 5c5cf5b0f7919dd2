import type { CostEntry } from './cost-explorer.ts'

type Habit = { service: string; perDay: number; weekend: number; growth: number; since?: number }

/** Services of a plausible small account: mean cost a day, share on weekends, growth a year, first day of use. */
const HABITS: Habit[] = [
  { service: 'Amazon Elastic Container Service', perDay: 9.4, weekend: 1, growth: 0.35 },
  { service: 'Amazon Relational Database Service', perDay: 6.8, weekend: 1, growth: 0.1 },
  { service: 'EC2 - Other', perDay: 4.1, weekend: 0.9, growth: 0.2 },
  { service: 'Amazon Elastic Load Balancing', perDay: 1.3, weekend: 1, growth: 0 },
  { service: 'AWS Lambda', perDay: 0.7, weekend: 0.4, growth: 0.8 },
  { service: 'AmazonCloudWatch', perDay: 1.1, weekend: 0.8, growth: 0.5 },
  { service: 'Amazon EC2 Container Registry (ECR)', perDay: 0.25, weekend: 1, growth: 0.3 },
  { service: 'AWS Secrets Manager', perDay: 0.11, weekend: 1, growth: 0 },
  { service: 'Amazon Simple Storage Service', perDay: 0.4, weekend: 0.9, growth: 0.3 },
  { service: 'Amazon Bedrock', perDay: 3.2, weekend: 0.2, growth: 2, since: 320 },
]

/** The same numbers for the same seed, on every machine (mulberry32). */
const random = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A year of costs that ends the day before `today`: weekdays, growth, tax on the first of a month, a credit now and then, a
 * service that starts late, a day on which something ran away.
 */
export const costYear = (today: string, seed = 1, scale = 1): CostEntry[] => {
  const next = random(seed)
  const entries: CostEntry[] = []
  for (let age = 365; age >= 1; age -= 1) {
    const day = new Date(Date.parse(today) - age * 86_400_000)
    const date = day.toISOString().slice(0, 10)
    const isWeekend = [0, 6].includes(day.getUTCDay())
    const book = (service: string, recordType: string, amount: number): number =>
      entries.push({ day: date, service, recordType, amount: (amount * scale).toFixed(10) })
    for (const { service, perDay, weekend, growth, since = 0 } of HABITS) {
      if (365 - age < since) continue
      const grown = perDay * (1 + growth * ((365 - age) / 365))
      const noise = 0.9 + 0.2 * next()
      const runaway = service === 'AmazonCloudWatch' && age === 9 ? 14 : 1
      book(service, 'Usage', grown * noise * (isWeekend ? weekend : 1) * runaway)
    }
    if (day.getUTCDate() === 1) book('Tax', 'Tax', 38.2)
    if (day.getUTCDate() === 3 && day.getUTCMonth() % 3 === 0) book('Amazon Elastic Container Service', 'Credit', -25)
  }
  return entries
}
