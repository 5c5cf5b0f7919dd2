type ProxiedService = {
  /** Name of the service: of the proxy's backend, of its socket, and of the names that its containers have in the network. */
  service: string
  /** Port on which the containers listen. */
  port: number
  /** Path that answers 200 while a container is ready. */
  health: string
  /** Port on which the proxy listens in its own container. */
  listen: number
}

/**
 * Configuration of HAProxy (2.4 or later) for one service of a host. It never changes: a deployment opens and closes the two slots
 * through the socket, so that no connection is closed by a reload. After a restart of the host only the committed container
 * runs, the name of the other slot is unknown, and the proxy finds the one that is up.
 */
export const haproxyConfig = ({ service, port, health, listen }: ProxiedService): string => `global
  stats socket /run/slipway/${service}.sock mode 600 level admin

defaults
  mode http
  option forwardfor if-none
  # A container that cannot be connected to has not seen the request.
  option redispatch
  timeout connect 2s
  # Of a health check, without which its interval would be its limit: a service under load answers late and is not gone.
  timeout check 3s
  timeout client 75s
  timeout server 75s
  timeout http-request 10s
  # Longer than a load balancer in front keeps an idle connection (60 s by default), so that none is closed under its next request.
  timeout http-keep-alive 75s
  timeout tunnel 1h

resolvers docker
  nameserver engine 127.0.0.11:53
  hold valid 500ms
  hold nx 500ms

frontend ${service}
  bind :${listen}
  default_backend ${service}

backend ${service}
  option httpchk
  # Many servers refuse a request that names no host.
  http-check send meth GET uri ${health} ver HTTP/1.1 hdr Host ${service}
  http-check expect status 200
  default-server check inter 300ms rise 1 fall 3 resolvers docker init-addr none
  server blue ${service}-blue:${port}
  server green ${service}-green:${port}
`
