import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GitHubJob } from '../github/claims.ts'
import type { HostSpec } from '../hosts/host.ts'
import type { Scenario } from '../scenario.ts'

/** What infrastructure makes for one ECS service in one environment. */
export type ServiceSetting = {
  name: string
  /** Name of its image in `delivery.json`. */
  image: string
  cluster: string
  service: string
  container: string
  family: string
  logGroup: string
  port?: number | undefined
  /** Path that answers 200 when the service is ready. */
  health?: string | undefined
  cpu: number
  memory: number
  count: number
  variables: Record<string, string>
}

/** What infrastructure makes for one function of a Lambda service in one environment. */
export type FunctionSetting = {
  /** Name of its service in `delivery.json`. */
  service: string
  image: string
  name: string
  alias: string
  command?: string[] | undefined
  memory: number
  variables: Record<string, string>
}

/** What infrastructure makes of one EC2 host for one service. */
export type HostSetting = HostSpec & {
  image: string
  tags: Record<string, string>
  /** ARN of the role of its instance profile. */
  role: string
}

export type EnvironmentSetting = {
  name: string
  branch: string
  account: string
  region: string
  promotesFrom?: string | undefined
  services: ServiceSetting[]
  functions: FunctionSetting[]
  hosts: HostSetting[]
  /** The SSM document by which the hosts are told what to run. */
  document: { name: string; content: object }
}

/** Everything that the local cloud takes from a `delivery.json`; `scripts/scenario.ts` prints it. */
export type Setting = {
  /** Everything in AWS is named after it. */
  project: string
  scenario: Scenario
  repository: Pick<GitHubJob, 'owner' | 'ownerId' | 'repository' | 'repositoryId' | 'subject'>
  registry: { account: string; region: string }
  build: { role: string; environment: string }
  /** Each environment after the one that it is promoted from. */
  environments: EnvironmentSetting[]
}

const script = join(import.meta.dirname, '..', '..', 'scripts', 'scenario.ts')

/** Reads a `delivery.json` by the product's own rules, in a process of its own: the local cloud imports nothing of the product. */
export const readSetting = async (path: string): Promise<Setting> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, path]).catch((error: { stderr?: string }) => {
    throw new Error(error.stderr?.trim() || `scripts/scenario.ts could not read ${path}`, { cause: error })
  })
  return JSON.parse(stdout) as Setting
}
