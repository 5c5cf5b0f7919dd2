import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ec2Service } from '../../lib/delivery/hosts.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { PROGRAM } from '../../lib/host/program.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { PlaceStack } from '../stack.ts'
import { hostFiles, PROXY_PORT } from './files.ts'

/**
 * Caddy, of Docker's official images, as Amazon's public registry has it. The digest is that of the index, for both platforms;
 * another one replaces the hosts.
 */
const CADDY =
  'public.ecr.aws/docker/library/caddy:2.11.4-alpine@sha256:5f5c8640aae01df9654968d946d8f1a56c497f1dd5c5cda4cf95ab7c14d58648'

/** The most that EC2 takes, in bytes before base64 (EC2 user guide, "Run commands when you launch an EC2 instance"). */
const LIMIT = 16_384

type Host = {
  name: string
  service: Ec2Service
  /** SSM document that carries the program. */
  document: string
  /** Allocation id of the address that the host takes. */
  address?: string
  /** Name that the certificate is for. */
  domain?: string
}

/** What cloud-init runs once on a new host: everything is installed and written, and the recorded image started. */
export const userData = (stack: PlaceStack, { name, service, document, address, domain }: Host): string => {
  const files = { '/usr/local/sbin/slipway-boot': source('boot.sh'), ...hostFiles(stack, name, service, domain) }
  const record = recordNames(stack.configuration.project, stack.place).image(name)
  const proxied = service.port !== undefined
  const lines = [
    '#!/bin/bash',
    `# A host of ${stack.configuration.project} in ${stack.place} for the service ${name}, made of delivery.json.`,
    'set -euo pipefail',
    `SERVICE=${name} REGION=${stack.region} STACK=${stack.stackName} DOCUMENT=${document}`,
    `PROGRAM=/usr/local/sbin/slipway-host PROGRAM_SHA256=${programHash()}`,
    '',
    source('setup.sh'),
    ...Object.entries(files).map(([path, text]) => written(path, text)),
    'chmod 755 /usr/local/sbin/slipway-boot',
    `again dnf install --assumeyes docker aws-cfn-bootstrap${proxied ? ' haproxy' : ''}`,
    'systemctl enable --now docker',
    'again get_program',
    'docker network inspect "$SERVICE" >/dev/null 2>&1 || docker network create "$SERVICE"',
    ...(proxied ? ['systemd-tmpfiles --create slipway.conf', `start_proxy ${publications(domain)}`] : []),
    ...(domain === undefined ? [] : [`again docker pull ${CADDY}`]),
    'systemctl daemon-reload',
    'systemctl enable "slipway-$SERVICE.service"',
    '',
    '# It waits longer and longer by itself.',
    `until /usr/local/sbin/slipway-boot "$SERVICE" ${record} "$REGION"; do :; done`,
    ...(address === undefined ? [] : [`again take_address ${address}`]),
    // With the address, or the first request for the certificate fails, and the second comes minutes later.
    ...(domain === undefined ? [] : [`start_tls ${CADDY}`, `await_certificate ${domain}`]),
    `tell true 'the recorded image runs'`,
  ]
  const text = `${lines.join('\n')}\n`
  const size = Buffer.byteLength(plain(text))
  if (size > LIMIT) {
    throw new Refusal(
      `the hosts of ${name} in ${stack.place} would get ${size} bytes of user data, EC2 takes ${LIMIT}; move 'variables' to parameters below ${record.replace(/image$/, 'env')}`,
    )
  }
  return text
}

const source = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8')

/** Hash of the program as the document carries it, line by line. */
const programHash = (): string => createHash('sha256').update(`${PROGRAM.trimEnd()}\n`).digest('hex')

/** No line of these files is the end that is given here. The folder is not made where systemd has it. */
const written = (path: string, text: string): string =>
  `mkdir -p ${path.slice(0, path.lastIndexOf('/'))}\ncat >${path} <<'END-OF-FILE'\n${text}END-OF-FILE`

/** The proxy answers everybody itself where nothing is before it. */
const publications = (domain: string | undefined): string =>
  [`127.0.0.1:${PROXY_PORT}:${PROXY_PORT}`, ...(domain === undefined ? [`80:${PROXY_PORT}`] : [])]
    .map((port) => `--publish ${port}`)
    .join(' ')

/** With names of a usual length where CloudFormation fills them in. */
const plain = (text: string): string => text.replaceAll(/\$\{Token\[[^\]]*\]\}/g, 'x'.repeat(64))
