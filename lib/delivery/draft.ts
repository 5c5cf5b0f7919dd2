import { z } from 'zod'

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const entries = <T extends z.ZodType>(entry: T) => z.record(z.string(), entry).catch({})

const word = maybe(z.string())
const words = maybe(z.array(z.string().catch('')))
const amount = maybe(z.number())

const adjustable = {
  cpu: amount,
  memory: amount,
  variables: maybe(z.record(z.string(), z.unknown())),
  secrets: words,
  names: maybe(z.record(z.string(), z.unknown())),
  schedules: maybe(z.record(z.string(), z.unknown())),
  /** Whatever they are: steps of the wrong type are still steps. */
  traffic: z.unknown().optional(),
  alarms: z.unknown().optional(),
}

const service = z
  .object({
    ...adjustable,
    image: word,
    target: word,
    dependsOn: words,
    /** Whatever it is: a port of the wrong type is still a port. */
    port: z.unknown().optional(),
    health: z.unknown().optional(),
    functions: maybe(z.record(z.string(), z.unknown())),
    in: entries(z.object(adjustable).catch({})),
  })
  .catch({ in: {} })

const place = { account: word, region: word }

const environment = z
  .object({
    ...place,
    branch: word,
    promotesFrom: word,
    soak: word,
    slack: word,
    budgets: maybe(z.array(z.object({ name: word }).catch({}))),
  })
  .catch({})

const draft = z
  .object({
    project: word,
    registry: z.object(place).catch({}),
    environments: entries(environment),
    images: entries(z.unknown()),
    services: entries(service),
  })
  .catch({ registry: {}, environments: {}, images: {}, services: {} })

/**
 * What can be understood of a configuration, whatever is wrong with the rest: so that an unknown name is reported in the
 * same run as a bad type elsewhere.
 */
export type Draft = z.infer<typeof draft>
export type DraftService = Draft['services'][string]
export type DraftEnvironment = Draft['environments'][string]

export const readDraft = (value: unknown): Draft => draft.parse(value)
