import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Requests that may come at once, and how many are added a second. */
type Limit = { bucket: number; refill: number; calls: RegExp }

/**
 * AWS's limits for one account and region: ECS from its API reference (request throttling), ECR and Parameter Store from
 * their quotas at default throughput; what is not named there is left unlimited.
 */
const LIMITS: readonly Limit[] = [
  { bucket: 20, refill: 1, calls: /ContainerService.*\.RegisterTaskDefinition$/ },
  { bucket: 50, refill: 20, calls: /ContainerService.*\.DescribeTaskDefinition$/ },
  { bucket: 100, refill: 20, calls: /ContainerService.*\.(DescribeTasks|ListTasks)$/ },
  { bucket: 50, refill: 5, calls: /ContainerService.*\.(CreateService|UpdateService)$/ },
  { bucket: 100, refill: 20, calls: /ContainerService.*\.DescribeServices$/ },
  { bucket: 50, refill: 20, calls: /ContainerService.*\.(Describe|List)ServiceDeployments$/ },
  { bucket: 50, refill: 20, calls: /ContainerService.*\.DescribeServiceRevisions$/ },
  { bucket: 10, refill: 10, calls: /ContainerRegistry.*\.PutImage$/ },
  { bucket: 40, refill: 40, calls: /AmazonSSM\.GetParameters?$/ },
  { bucket: 10, refill: 3, calls: /AmazonSSM\.PutParameter$/ },
  { bucket: 10, refill: 5, calls: /AmazonSSM\.GetParameterHistory$/ },
]

/** An endpoint in front of the local cloud that turns calls away as AWS does where there are too many. */
export const throttled = async (endpoint: string): Promise<{ url: string; turnedAway: Map<string, number>; close(): void }> => {
  const levels = new Map<Limit, { tokens: number; at: number }>()
  const turnedAway = new Map<string, number>()
  const takes = (limit: Limit): boolean => {
    const now = performance.now()
    const { tokens, at } = levels.get(limit) ?? { tokens: limit.bucket, at: now }
    const level = Math.min(limit.bucket, tokens + ((now - at) / 1000) * limit.refill)
    levels.set(limit, { tokens: level >= 1 ? level - 1 : level, at: now })
    return level >= 1
  }
  const server = createServer((incoming, outgoing) => {
    const target = String(incoming.headers['x-amz-target'] ?? '')
    const limit = LIMITS.find(({ calls }) => calls.test(target))
    if (limit !== undefined && !takes(limit)) {
      const name = target.split('.')[1] ?? ''
      turnedAway.set(name, (turnedAway.get(name) ?? 0) + 1)
      incoming.resume()
      outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      outgoing.end('{"__type":"ThrottlingException","message":"Rate exceeded"}')
      return
    }
    const { method = 'POST', url = '/', headers } = incoming
    const onward = request(new URL(url, endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turnedAway,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
