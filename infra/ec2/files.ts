import type { Ec2Service } from '../../lib/delivery/hosts.ts'
import { repositoryUri, serviceNames } from '../../lib/delivery/names.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { seconds } from '../../lib/delivery/schema/fields.ts'
import { haproxyConfig } from '../../lib/host/proxy.ts'
import type { PlaceStack } from '../stack.ts'
import { variablesPath } from './permissions.ts'

/** Port on which the proxy listens, in its container and for the host itself. */
export const PROXY_PORT = 8000

/** Number of the user that the proxy runs as: nobody else on the host has it. */
const PROXY_USER = 99

/** What is written to a host, by path; infrastructure alone writes it, and another content replaces the hosts. */
export const hostFiles = (stack: PlaceStack, name: string, service: Ec2Service, domain?: string): Record<string, string> => ({
  [`/etc/slipway/${name}.env`]: lines(hostFile(stack, name, service)),
  [`/etc/slipway/${name}.variables`]: lines(service.variables ?? {}),
  [`/etc/systemd/system/slipway-${name}.service`]: bootUnit(stack, name),
  ...(service.port !== undefined && {
    '/etc/tmpfiles.d/slipway.conf': `d /run/slipway 0755 ${PROXY_USER} ${PROXY_USER} -\n`,
    [`/etc/slipway/${name}.cfg`]: haproxyConfig({
      service: name,
      port: service.port,
      health: service.health ?? '/healthz',
      listen: PROXY_PORT,
    }),
  }),
  ...(domain !== undefined && { [`/etc/slipway/${name}.caddy`]: caddyfile(name, domain) }),
})

const lines = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')

/** The keys are those of lib/host/README.md. */
const hostFile = ({ configuration, place, region }: PlaceStack, name: string, service: Ec2Service): Record<string, string> => {
  const { project, registry } = configuration
  const { port, health, image, secrets, stopTimeout = '30s' } = service
  return {
    REPOSITORY: repositoryUri(registry, project, image),
    REGION: region,
    NETWORK: name,
    ...(port !== undefined && { PORT: String(port), PROXY: `${name}-proxy`, PROXY_URL: `http://127.0.0.1:${PROXY_PORT}` }),
    ...(health !== undefined && { HEALTH_PATH: health }),
    PARAMETERS: variablesPath(project, place, name),
    ...(secrets !== undefined && { SECRET: serviceNames(project, place, name).secret, SECRETS: secrets.join(' ') }),
    STOP_TIMEOUT: String(seconds(stopTimeout)),
    LOG_GROUP: serviceNames(project, place, name).logGroup,
  }
}

/** Of type exec: nothing waits for it, because an image that does not come up must not keep the host from coming up. */
const bootUnit = ({ configuration, place, region }: PlaceStack, name: string): string => `[Unit]
Description=Runs the image that is on record for ${name}
Wants=docker.service network-online.target
After=docker.service network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/usr/local/sbin/slipway-boot ${name} ${recordNames(configuration.project, place).image(name)} ${region}
Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
Restart=on-failure
RestartSec=1

[Install]
WantedBy=multi-user.target
`

/** Asks for the certificate at the first start and renews it in time. HTTP/3 would need UDP, which is let in nowhere. */
const caddyfile = (name: string, domain: string): string => `{
	admin off
	persist_config off
	servers {
		protocols h1 h2
	}
}

${domain} {
	reverse_proxy ${name}-proxy:${PROXY_PORT}
}
`
