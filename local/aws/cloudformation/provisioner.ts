import type { Made, Pace, Place, Properties } from './model.ts'

/** What a provisioner works with. */
export type Tools = {
  place: Place
  stack: string
  logicalId: string
  tags: { Key: string; Value: string }[]
  pace: Pace
  /** Says what was made before waiting for it, so that it is taken back if it comes to nothing. */
  named(result: Result): void
  /** Calls an operation of the service with that name as the role that works for CloudFormation. */
  call(service: string, operation: string, input: object): Promise<Record<string, unknown>>
  /** Nominal milliseconds; rejects when the operation on the stack is given up. */
  sleep(milliseconds: number): Promise<void>
}

export type Result = Pick<Made, 'physicalId' | 'attributes'>

/** How CloudFormation makes a type of resource. Rejects where AWS would fail the resource. */
export type Provisioner = {
  /** Whether a change of these properties needs another resource in the place of this one; `Update requires` in its reference. */
  replaces(changed: string[]): boolean
  create(properties: Properties, tools: Tools): Promise<Result>
  /** `before` are the properties that CloudFormation gave it last, whoever has changed it since. */
  update(made: Made, properties: Properties, tools: Tools): Promise<Result>
  remove(made: Made, tools: Tools): Promise<void>
}

/** By type; without an entry a type is only data. */
export type Provisioners = Record<string, Provisioner>

/** With a small first letter, as the JSON services have what templates write with a capital one. */
export const camel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), camel(each)]))
}
