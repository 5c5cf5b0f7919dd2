import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { isServing, tasksOf } from './health.ts'
import type { Service } from './model.ts'

type Forwarder = { server: Server; sockets: Set<Socket> }

/** Ports on 127.0.0.1 that lead to the container port of a task that serves, in turn. */
const targets = (service: Service, containerPort: number): number[] =>
  tasksOf(service)
    .filter(isServing)
    .flatMap((task) => task.containers.flatMap((container) => container.ports.get(containerPort) ?? []))

const forward = (client: Socket, ports: number[]): void => {
  const [port, ...others] = ports
  if (port === undefined) return void client.destroy()
  const upstream = connect(port, '127.0.0.1')
  let connected = false
  upstream.once('connect', () => {
    connected = true
    upstream.pipe(client).pipe(upstream)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.end())
  })
  upstream.on('error', () => (connected ? client.destroy() : forward(client, others)))
}

const listen = async (service: Service, containerPort: number): Promise<Forwarder> => {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer((client) => {
    sockets.add(client)
    client.once('close', () => sockets.delete(client)).on('error', () => client.destroy())
    const ports = targets(service, containerPort)
    const first = ports.length === 0 ? 0 : turn++ % ports.length
    forward(client, [...ports.slice(first), ...ports.slice(0, first)])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, sockets }
}

/**
 * Stable addresses of services: one port on 127.0.0.1 for each container port, whatever tasks come and go behind it.
 * A connection goes to a task that is RUNNING, and HEALTHY if it has a check; with none there it is closed at once.
 */
export const createAddresses = () => {
  const forwarders = new Map<Service, Map<number, Forwarder>>()
  const close = (service: Service): void => {
    for (const { server, sockets } of forwarders.get(service)?.values() ?? []) {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
    forwarders.delete(service)
  }
  return {
    async open(service: Service): Promise<void> {
      const open = forwarders.get(service) ?? new Map<number, Forwarder>()
      forwarders.set(service, open)
      const mappings = service.revision?.definition.containerDefinitions.flatMap(({ portMappings }) => portMappings ?? []) ?? []
      for (const { containerPort } of mappings) {
        if (containerPort && !open.has(containerPort)) open.set(containerPort, await listen(service, containerPort))
      }
    },
    find(service: Service, containerPort: number): URL {
      const forwarder = forwarders.get(service)?.get(containerPort)
      if (!forwarder) throw new Error(`service ${service.name} has no container port ${containerPort}`)
      return new URL(`http://127.0.0.1:${(forwarder.server.address() as AddressInfo).port}`)
    },
    close,
    closeAll(): void {
      for (const service of [...forwarders.keys()]) close(service)
    },
  }
}
