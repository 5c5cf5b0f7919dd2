import { randomBytes } from 'node:crypto'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { EC2 } from '@aws-sdk/client-ec2'
import { ECR } from '@aws-sdk/client-ecr'
import { ECS } from '@aws-sdk/client-ecs'
import { Lambda } from '@aws-sdk/client-lambda'
import { SSM } from '@aws-sdk/client-ssm'
import { STS } from '@aws-sdk/client-sts'
import type { TokenOptions } from '../../local/github/oidc.ts'
import type { Capability } from './rule.ts'

export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

export type Clients = { account: string; ecr: ECR; ecs: ECS; ssm: SSM; sts: STS; logs: CloudWatchLogs; lambda: Lambda; ec2: EC2 }

/** Something that answers AWS's calls. */
export type Subject = Clients & {
  name: 'local' | 'moto' | 'MiniStack' | 'AWS'
  region: string
  has: readonly Capability[]
  /** Where the registry of an account answers, and under which name. */
  registry: (account: string) => { url: string; host: string }
  /** STS as the holder of other keys sees it. */
  signedBy: (keys: Keys) => STS
  /** Present with `accounts`. */
  other?: Clients
  /** Present with `roles`: a token that GitHub would give to the job of `roles.ts`. */
  token?: (claims?: Record<string, string>, audience?: string, options?: TokenOptions) => Promise<string>
  /** Present with `containers`: an image with `sh` and `sleep`, and what a task of it must say besides. */
  image: string
  subnet: string
  /** Present with `functions`: what a function runs as. */
  functionRole?: string
  /** Present with `hosts`: a Linux instance with an agent that hands parameters over as variables. */
  instance?: string
  /** Milliseconds between two questions, and until a state counts as never reached. */
  poll: number
  patience: number
  /** What the rules have made is removed when the subject is closed, the newest first. */
  afterwards: (undo: () => Promise<unknown>) => unknown
  close: () => Promise<void>
}

export const clientsOf = (account: string, region: string, credentials: Keys | undefined, endpoint?: string): Clients => {
  const config = { region, maxAttempts: 2, ...(endpoint && { endpoint }), ...(credentials && { credentials }) }
  return {
    account,
    ecr: new ECR(config),
    ecs: new ECS(config),
    ssm: new SSM(config),
    sts: new STS(config),
    logs: new CloudWatchLogs(config),
    lambda: new Lambda(config),
    ec2: new EC2(config),
  }
}

/** A name that nothing else has. */
export const unique = (what: string): string => `slipway-contract-${what}-${randomBytes(4).toString('hex')}`
