import { Readable } from 'node:stream'
import type { Session } from '../../../../../lib/aws/session.ts'
import type { Running, TargetTools } from '../../target.ts'

/** A refusal is an object with the name of the error in `__type`. */
type Answer = (input: Record<string, unknown>) => object | Promise<object>

const arn = (revision: number): string => `arn:aws:ecs:eu-west-1:1:task-definition/api:${revision}`
const digest = (revision: number): string => `sha256:${String(revision).repeat(64)}`

/** What the service `api` ran before the deployment `ecs-svc/2`. */
export const before: Running = {
  revision: arn(1),
  images: { app: `app@${digest(1)}` },
  digests: { app: digest(1) },
  deployments: ['ecs-svc/1'],
  count: 2,
  settled: false,
}

export const wanted = [{ image: `app@${digest(3)}`, digest: digest(3) }]

/**
 * ECS at the other end of the wire, with one service whose newest deployment never ends: neither forth, nor back when it was
 * stopped. Time passes only while somebody sleeps. `changes` replace answers.
 */
export const wire = (changes: (world: { pass(milliseconds: number): void }) => Record<string, Answer> = () => ({})) => {
  let now = 0
  let newest = 2
  const stopped = new Set<string>()
  const calls: string[] = []
  const service = () => ({
    status: 'ACTIVE',
    taskDefinition: arn(newest),
    desiredCount: 2,
    deployments: [
      { id: `ecs-svc/${newest}`, status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: arn(newest) },
      { id: 'ecs-svc/1', status: 'ACTIVE', rolloutState: 'COMPLETED', taskDefinition: arn(1) },
    ],
  })
  const definitionOf = (revision: number) => ({
    taskDefinitionArn: arn(revision),
    family: 'api',
    containerDefinitions: [{ name: 'app', image: `app@${digest(revision)}` }],
  })
  const answers: Record<string, Answer> = {
    DescribeServices: () => ({ services: [service()] }),
    DescribeTaskDefinition: ({ taskDefinition }) => ({ taskDefinition: definitionOf(taskDefinition === arn(1) ? 1 : 2) }),
    RegisterTaskDefinition: () => ({ taskDefinition: definitionOf(3) }),
    UpdateService: () => {
      newest += 1
      return { service: service() }
    },
    ListServiceDeployments: () => ({
      serviceDeployments: [{ serviceDeploymentArn: `sd/${newest}`, targetServiceRevisionArn: `revision/${newest}` }],
    }),
    DescribeServiceDeployments: ({ serviceDeploymentArns }) => {
      const [sd = ''] = serviceDeploymentArns as string[]
      return { serviceDeployments: [{ status: stopped.has(sd) ? 'ROLLBACK_IN_PROGRESS' : 'IN_PROGRESS' }] }
    },
    StopServiceDeployment: ({ serviceDeploymentArn }) => {
      stopped.add(String(serviceDeploymentArn))
      return {}
    },
    ListTasks: () => ({ taskArns: [] }),
    ...changes({
      pass: (milliseconds) => {
        now += milliseconds
      },
    }),
  }
  const handle = async ({ headers, body }: { headers: Record<string, string>; body: string | Uint8Array }) => {
    const name = headers['x-amz-target']?.split('.')[1] ?? ''
    calls.push(name)
    const answer = (await answers[name]?.(JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)))) ?? {}
    const statusCode = '__type' in answer ? 400 : 200
    return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answer))]) } }
  }
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nothing' }
  const config = { region: 'eu-west-1', credentials, requestHandler: { handle }, maxAttempts: 1 }
  const client = <C>(Client: new (given: object) => C): C => new Client(config)
  const session = { guard: async () => undefined, client, clientWithoutRetry: client } as unknown as Session
  const silent = { info: () => undefined, notice: () => undefined, warning: () => undefined, error: () => undefined }
  const sleep = async (milliseconds: number): Promise<void> => {
    now += milliseconds
  }
  const tools = {
    log: silent,
    clock: { now: () => now, monotonic: () => now, sleep },
    pollInterval: 2750,
  } as unknown as TargetTools
  return { session, tools, calls, now: () => now }
}
