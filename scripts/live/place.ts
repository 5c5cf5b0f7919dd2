import type { Clients } from '../account/clients.ts'

export const STEPS = [
  ...(['set up', 'build', 'seed', 'infrastructure', 'deliver', 'deliver again', 'break', 'roll back', 'report'] as const),
  'destroy',
] as const

export type StepName = (typeof STEPS)[number]

/** Where a run takes place: an account of AWS, or something on this machine that answers like one. */
export type Place = {
  /** What is printed. */
  name: string
  account: string
  region: string
  clients: Clients
  /** Environment of the actions: credentials, and an endpoint where it is not AWS. */
  env: Record<string, string>
  /** What cannot be tried here, and why. */
  untried: Partial<Record<StepName, string>>
  /** Another start of an action than its bundle. */
  entry?: (action: string) => string
  /** Milliseconds between two looks at CloudFormation; with its unit, at a deployment. */
  poll: number
  pollInterval: string
}
