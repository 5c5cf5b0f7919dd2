import { Lambda } from '@aws-sdk/client-lambda'
import { expect } from './deviation.ts'
import { adminOf } from './infrastructure.ts'
import type { EnvironmentSetting, FunctionSetting } from './setting.ts'
import type { World } from './world.ts'

/** Something that answers with the content tag of the image that it runs. */
export type Answering = {
  service: string
  image: string
  /** What it is asked, for the screen. */
  question: string
  /** `digest` only where the platform tells it to the container. */
  ask(): Promise<{ version?: string; digest?: string }>
}

const get = async (address: string) => {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) })
  expect(answer.ok, `${address} to answer 200`, `it answered ${answer.status}`)
  return (await answer.json()) as { version?: string; digest?: string }
}

const httpEvent = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/version',
  rawQueryString: '',
  headers: { host: 'localhost' },
  requestContext: { http: { method: 'GET', path: '/version' } },
  isBase64Encoded: false,
}

/** Through the alias, as an HTTP API would. */
const invoke = async (world: World, environment: EnvironmentSetting, { name, alias }: FunctionSetting) => {
  const lambda = new Lambda(adminOf(world.cloud, environment))
  try {
    const input = { FunctionName: name, Qualifier: alias, Payload: JSON.stringify(httpEvent) }
    const { Payload, FunctionError } = await lambda.invoke(input)
    const text = Buffer.from(Payload ?? []).toString()
    expect(FunctionError === undefined, `${name} to answer`, text)
    return JSON.parse((JSON.parse(text) as { body: string }).body) as { version?: string }
  } finally {
    lambda.destroy()
  }
}

/** Where the services with an address answer: those on tasks and on hosts. */
export const addressesOf = ({ ecs, hosts }: World, environment: EnvironmentSetting) => {
  const { account, region } = environment
  const onTasks = environment.services.flatMap(({ name, image, port, cluster, service }) =>
    port === undefined ? [] : [{ service: name, image, url: ecs.address(account, region, cluster, service, port).origin }],
  )
  const onHosts = environment.hosts.map(({ service, image, instanceId }) => ({ service, image, url: hosts.address(instanceId) }))
  return [...onTasks, ...onHosts]
}

export const answeringIn = (world: World, environment: EnvironmentSetting): Answering[] => [
  ...addressesOf(world, environment).map(({ service, image, url }) => ({
    service,
    image,
    question: `GET ${url}/version`,
    ask: () => get(`${url}/version`),
  })),
  ...environment.functions.map((each) => ({
    service: each.service,
    image: each.image,
    question: `invoke ${each.name}:${each.alias}, GET /version`,
    ask: () => invoke(world, environment, each),
  })),
]
