import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { enginePlace } from '../local/engine/place.ts'

const root = join(import.meta.dirname, '..')
const home = join(root, '.slipway')

/** In the environment of every process that a run here starts, and of no other. */
const MARK = `SLIPWAY_TEST_RUN=${randomUUID()}`
/** What runs keep, and what other tests keep, which may run at the same time. */
const KEPT = ['base', 'engine', 'registry', 'haproxy', 'bundles', 'tools', 'emulators', 'cfn-lint']

type Ended = { code: number | null; output: string }

const start = (options: string[]) => {
  const [name = '', value] = MARK.split('=')
  const env = { ...process.env, [name]: value }
  const child = spawn('npm', ['start', '--', ...options], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  const waiting: { pattern: RegExp; found: (text: string) => void }[] = []
  const collect = (chunk: Buffer): void => {
    output += chunk
    for (const { pattern, found } of waiting) if (pattern.test(output)) found(output)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output })))
  const printed = (pattern: RegExp): Promise<string> =>
    new Promise((found, reject) => {
      waiting.push({ pattern, found })
      ended.then(() => reject(new Error(`ended without printing ${pattern}:\n${output}`)), reject)
    })
  /** As Ctrl-C does: to npm and to everything below it. */
  const interrupt = (): boolean => process.kill(-(child.pid ?? 0), 'SIGINT')
  return { ended, printed, interrupt }
}

const lines = (program: string, ...args: string[]): string[] => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')
      .toSorted()
  } catch {
    return []
  }
}

/** The programs of all processes that a run started and that have not ended, wherever they are now. */
const marked = (): string[] =>
  readdirSync('/proc').flatMap((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(MARK)
        ? [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')]
        : []
    } catch {
      return [] // ended meanwhile
    }
  })

const place = enginePlace(home)

/** What a run could leave on the machine, as far as it can only be of this clone: others may use the machine too. */
const traces = () => ({
  containers: lines('docker', 'ps', '--all', '--quiet', '--filter', 'label=slipway.session'),
  images: lines('docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}').filter((image) =>
    /^(127\.|slipway)/.test(image),
  ),
  networks: lines('docker', 'network', 'ls', '--format', '{{.Name}}'),
  interfaces: lines('ip', '-oneline', 'link').filter((line) => line.includes(place.group)),
  rules: ['filter', 'nat'].flatMap((name) => lines('iptables', '-t', name, '-S')).filter((line) => line.includes(place.group)),
  processes: marked(),
  engine: lines('ps', '-eo', 'args').filter((line) => line.includes(`${place.run}/`)),
  run: existsSync(place.run),
  folders: existsSync(home) ? readdirSync(home).filter((name) => !KEPT.includes(name)) : [],
  clone: lines('git', '-C', root, 'status', '--porcelain'),
})

const nothing = (before: ReturnType<typeof traces>, output: string): void => {
  expect(traces()).toEqual(before)
  const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => `:${port} `)
  const open = lines('ss', '-ltnH').filter((line) => ports.some((port) => line.includes(port)))
  expect(open).toEqual([])
}

test('a commit is built once, runs everywhere, and a bad one comes back; nothing is left', async () => {
  const before = traces()
  const { code, output } = await start(['--all']).ended
  expect(output).toMatch(/^ {2}commit +content tag +digest +dev +staging +prod$/m)
  expect(output).toMatch(/^ {2}[0-9a-f]{7} +src-\S+ +sha256:\S+ +[\d.]+ s +[\d.]+ s +[\d.]+ s$/m)
  expect(output.match(/^ {2}[0-9a-f]{7} +src-\S+ +sha256:\S+ +red, back in [\d.]+ s +– +–$/gm)).toHaveLength(3)
  expect(output).toContain('docker builds in all: 1')
  expect(output).toContain('docker processes during promotions: 0')
  expect(output).toContain('ECR reads to find the image: 1 for staging, 1 for prod')
  const [, digest] = /one digest on dev, staging, prod: (sha256:[0-9a-f]{64})/.exec(output) ?? []
  expect(output.match(new RegExp(`/version: src-[0-9a-f]{40}, ${digest}`, 'g'))).toHaveLength(3)
  expect(output.match(/red as it should be: failed-rolled-back/g)).toHaveLength(3)
  for (const [service, target] of [
    ['api', 'ECS'],
    ['events', 'Lambda'],
    ['edge', 'EC2'],
  ])
    expect(output).toMatch(new RegExp(`^ {2}${service} +${target}( +${digest?.slice(0, 19)}…){3}$`, 'm'))
  expect(output.match(/invoke shop-\w+-events:live, GET \/version: src-[0-9a-f]{40}$/gm)).toHaveLength(3)
  expect(code).toBe(0)
  nothing(before, output)
}, 600_000)

test('with --keep the services answer until Ctrl-C, and then nothing is left', async () => {
  const before = traces()
  const { ended, printed, interrupt } = start(['--keep'])
  const output = await printed(/^AWS_ENDPOINT_URL=|^ {2}AWS_ENDPOINT_URL=/m)
  const tag = /content tag (src-[0-9a-f]{40})/.exec(output)?.[1]
  const addresses = [...output.matchAll(/^ {2}(?:dev|staging|prod) api: (\S+)$/gm)].map(([, url]) => url)
  expect(addresses).toHaveLength(3)
  for (const url of addresses) expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ version: tag })
  interrupt()
  await ended
  nothing(before, output)
}, 600_000)

test('Ctrl-C in mid-rollout leaves nothing', async () => {
  const before = traces()
  const { ended, printed, interrupt } = start([])
  await printed(/api: started ecs-svc/)
  interrupt()
  const { output } = await ended
  expect(output).toContain('SIGINT: cleaning up')
  nothing(before, output)
}, 600_000)
