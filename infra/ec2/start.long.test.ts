import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hostDocument } from '../../lib/host/document.ts'
import { PROGRAM } from '../../lib/host/program.ts'
import { serviceOf, userDataOf, WORKER } from './ec2.case.ts'

// What user data does on a host, by programs that only write down what they are asked. In a process of its own, as CDK takes seconds.

const filled = { OfOutputsHostsDocument: 'shop-dev-deploy', 'Address.AllocationId': 'eipalloc-1' }

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'user-data-'))
  for (const folder of ['bin', 'opt/aws/bin', 'usr/local/sbin', 'run', 'var/lib/slipway/edge']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  for (const name of ['dnf', 'systemctl', 'systemd-tmpfiles', 'sleep', 'tar']) command(name)
  command('docker', 'case "$*" in *inspect*) exit 1 ;; import*) cat >/dev/null ;; esac')
  command('slipway-host', 'exit "$(cat "$SLIPWAY_ROOT/exit" 2>/dev/null || echo 0)"')
  command('curl', 'case "$*" in *token*PUT* | *PUT*) echo token ;; *instance-id) echo i-1 ;; esac')
  command('aws', AWS)
  command('../opt/aws/bin/cfn-signal')
  document(PROGRAM.trimEnd())
})
afterEach(() => rmSync(root, { recursive: true }))

/** Answers with the document's version from a file, and with the record. */
const AWS = `case "$*" in
  *get-document*) [[ "$*" =~ --document-version\\ ([^ ]+) ]]; cat "$SLIPWAY_ROOT/document.\${BASH_REMATCH[1]}" ;;
  *get-parameter*) cat "$SLIPWAY_ROOT/record" 2>/dev/null || { echo 'An error occurred (ParameterNotFound)' >&2; exit 254; } ;;
esac`

/** A program of the host that only says that it was called, and then does this. */
const command = (name: string, script = ':'): void => {
  const file = join(root, 'bin', name)
  writeFileSync(file, `#!/bin/bash\necho "\${0##*/} \${SSM_Operation:-} $*" >>"$SLIPWAY_ROOT/calls"\n${script}\n`)
  chmodSync(file, 0o755)
}

/** Versions of the document by their programs, the oldest first. */
const document = (...programs: string[]): void => {
  for (const [index, program] of programs.entries()) {
    const content = hostDocument('111111111111.dkr.ecr.eu-west-1.amazonaws.com')
    const [step] = content.mainSteps
    if (step !== undefined) step.inputs.runCommand = program.split('\n')
    const answer = JSON.stringify({ Content: JSON.stringify(content), DocumentVersion: String(index + 1) })
    writeFileSync(join(root, `document.${index + 1}`), answer)
    writeFileSync(join(root, 'document.$LATEST'), answer)
  }
}

/** Runs user data with a folder in place of the host's own files. */
const start = (userData: string) =>
  new Promise<{ code: number; calls: string[]; stderr: string }>((resolve) => {
    const file = join(root, 'user-data')
    writeFileSync(file, userData.replaceAll(/(^|[\s>="'])\/(etc|opt\/aws|usr\/local\/sbin)\b/gm, `$1${root}/$2`))
    const env = { PATH: `${root}/bin:/usr/bin:/bin`, SLIPWAY_ROOT: root }
    execFile('/bin/bash', [file], { env, timeout: 30_000 }, (error, _, stderr) => {
      const calls = readFileSync(join(root, 'calls'), 'utf8').split('\n')
      resolve({ code: error === null ? 0 : Number(error.code), calls, stderr })
    })
  })

/** Where in the order of calls each of these comes first. */
const order = (calls: string[], ...patterns: RegExp[]): RegExp[] => {
  const found = patterns.map((pattern) => ({ pattern, at: calls.findIndex((call) => pattern.test(call)) }))
  return found
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ pattern }) => pattern)
}

it('installs, starts proxy and certificate, then the recorded image, takes the address and only then says so', async () => {
  writeFileSync(join(root, 'record'), '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@sha256:aa\n')
  const { code, calls, stderr } = await start(userDataOf(serviceOf({}, 'prod'), filled))
  expect(code, stderr).toBe(0)
  const expected = [
    /^dnf .*docker.*haproxy/,
    /^systemctl .*enable --now docker/,
    /^docker .*run .*edge-proxy .*--restart unless-stopped/,
    /^docker .*pull .*caddy:[\d.]+-alpine@sha256:/,
    /^systemctl .*enable slipway-edge\.service/,
    /^slipway-host deploy/,
    /^aws .*associate-address .*--allocation-id eipalloc-1 --instance-id i-1/,
    // Not before: its first request for the certificate would be answered by the host that still has the address.
    /^docker .*run .*edge-tls .*--restart unless-stopped .*:\/data .*caddy:[\d.]+-alpine@sha256:/,
    /^curl .*--resolve edge\.example\.org:443/,
    /^cfn-signal .*--success true/,
  ]
  expect(order(calls, ...expected)).toEqual(expected)
  expect(readFileSync(join(root, 'usr/local/sbin/slipway-host'), 'utf8').trimEnd()).toBe(PROGRAM.trimEnd())
})

it('is ready without an image where none is recorded yet, and never where the recorded one does not run', async () => {
  const worker = userDataOf(serviceOf(WORKER), filled)
  const first = await start(worker)
  expect(first.calls.filter((call) => /^(slipway-host|cfn-signal)/.test(call))).toEqual([
    'slipway-host reconcile ',
    expect.stringMatching(/--success true/),
  ])
  expect(first.calls.filter((call) => /proxy|haproxy|tls|address/.test(call))).toEqual([])
  writeFileSync(join(root, 'record'), 'image\n')
  writeFileSync(join(root, 'exit'), '24')
  rmSync(join(root, 'calls'))
  command('sleep', '[[ $1 != 300 ]] || echo 0 >"$SLIPWAY_ROOT/exit"')
  const { calls } = await start(worker)
  const waits = calls.filter((call) => call.startsWith('sleep')).map((call) => Number(call.split(' ').at(-1)))
  expect(waits).toEqual([10, 20, 40, 80, 160, 300])
  expect(calls.filter((call) => call.startsWith('slipway-host'))).toHaveLength(7)
  expect(calls.at(-2)).toMatch(/^cfn-signal .*--success true/)
})

it('takes exactly the program that it was made for, also while the document has a newer one', async () => {
  document('#!/bin/bash\necho older', PROGRAM.trimEnd(), '#!/bin/bash\necho newer')
  const { code } = await start(userDataOf(serviceOf(WORKER), filled))
  expect(code).toBe(0)
  expect(readFileSync(join(root, 'usr/local/sbin/slipway-host'), 'utf8').trimEnd()).toBe(PROGRAM.trimEnd())
})

it('says at once that no version of the document carries it, and starts nothing', async () => {
  document('#!/bin/bash\necho another')
  const { code, calls, stderr } = await start(userDataOf(serviceOf(WORKER), filled))
  expect(code).toBe(1)
  expect(stderr).toMatch(/no version of the document shop-dev-deploy carries the program with the SHA-256 [0-9a-f]{64}/)
  expect(calls.filter((call) => call.startsWith('cfn-signal'))).toEqual([
    expect.stringMatching(/--success false --reason no version/),
  ])
  expect(existsSync(join(root, 'usr/local/sbin/slipway-host'))).toBe(false)
})

it('says so where a step fails that no repetition would mend', async () => {
  command('systemctl', 'exit 1')
  const { code, calls } = await start(userDataOf(serviceOf(WORKER), filled))
  expect(code).toBe(1)
  expect(calls.at(-2)).toMatch(/--success false --reason the set-up of the host ended in line \d+/)
})
