import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { linkedLibraries, registryOf } from './base-image.ts'
import { registryLines } from './build-secrets.ts'
import { mountsBelow } from './leftovers.ts'
import { alone } from './lock.ts'
import { freePrefix } from './network.ts'
import { engineRelease, sourcesList } from './packages.ts'
import { enginePlace } from './place.ts'
import { end, identify, isAlive, processesNaming } from './process.ts'
import { judge } from './system.ts'

const containerd = [['driver-type', 'io.containerd.snapshotter.v1']]
const inspect = (driver: string) => `Name: default\nDriver: ${driver}\n\nNodes:\n`

test.each([
  ['docker driver, containerd store', containerd, 'v0.20', inspect('docker'), undefined],
  ['docker driver, classic store', [['Backing Filesystem', 'extfs']], 'v0.20', inspect('docker'), 'containerd image store'],
  ['builder of its own, classic store', [], 'v0.20', inspect('docker-container'), undefined],
  ['no buildx', containerd, undefined, undefined, 'buildx plugin'],
  ['builder that does not answer', containerd, 'v0.20', undefined, 'builder that answers'],
])('judges an engine: %s', (_name, driverStatus, buildx, builder, missing) => {
  const verdict = judge({ server: '26.1', driverStatus, buildx, builder })
  expect(verdict).toMatchObject(missing ? { state: 'unusable', missing: expect.stringContaining(missing) } : { state: 'usable' })
})

test('takes the sources of the next release from the mirror that the machine uses, and from no other vendor', () => {
  const source = { component: 'main', signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg' }
  const list = sourcesList(
    [
      { ...source, uri: 'http://mirror.test/debian/', release: 'bookworm' },
      { ...source, uri: 'http://mirror.test/debian-security/', release: 'bookworm-security' },
      { ...source, uri: 'http://mirror.test/debian/', release: 'bookworm-backports' },
      { uri: 'https://vendor.test/', release: 'bookworm', component: 'main', signedBy: '/usr/share/keyrings/vendor.gpg' },
    ],
    { id: 'debian', codename: 'bookworm' },
    'trixie',
  )
  const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  expect(list.split('\n')).toEqual([
    `deb ${key} http://mirror.test/debian/ trixie main`,
    `deb ${key} http://mirror.test/debian-security/ trixie-security main`,
  ])
})

test.each([
  ['debian', 'bookworm', 'trixie'],
  ['debian', 'trixie', 'trixie'],
  ['ubuntu', 'noble', 'noble'],
])('takes the engine for %s %s from %s', (id, codename, expected) => {
  expect(engineRelease({ id, codename })).toBe(expected)
})

test('chooses a network that no address and no route of the machine is in', () => {
  expect(freePrefix(' 10.213.0.0/16 dev x\n 10.214.255.1/24')).toBe('10.215')
})

test('unmounts the deepest mount first and nothing beside our folders', () => {
  const line = (path: string) => `1 2 0:1 / ${path} rw - overlay`
  const info = [line('/run/a'), line('/run/a/b/c'), line('/run/ab'), line('/')].join('\n')
  expect(mountsBelow(info, ['/run/a'])).toEqual(['/run/a/b/c', '/run/a'])
})

test.each([
  ['ARG BASE_IMAGE=public.registry.test/library/node:24@sha256:00', 'public.registry.test'],
  ['FROM x\nARG BASE_IMAGE=127.0.0.1:5000/node', '127.0.0.1:5000'],
  ['ARG BASE_IMAGE=library/node:24', 'registry-1.docker.io'],
  ['FROM node:24', undefined],
])('reads the registry out of %j', (text, expected) => {
  expect(registryOf(text)).toBe(expected)
})

test('finds libraries and the loader in the answer of ldd', () => {
  const answer = '\tlinux-vdso.so.1 (0x1)\n\tlibm.so.6 => /lib/libm.so.6 (0x2)\n\t/lib64/ld-linux.so.2 (0x3)\n'
  expect(linkedLibraries(answer)).toEqual(['/lib/libm.so.6', '/lib64/ld-linux.so.2'])
})

test('hands a build the registries and their credentials, and no path of this machine', () => {
  const mine = ['registry=https://packages.test/', '//packages.test/:_authToken=t', '@shop:registry=https://shop.test/']
  expect(registryLines([...mine, 'cafile=/etc/ca.pem', 'prefix=/root', '; registry=x'].join('\n'))).toEqual(mine)
})

test('keeps sockets and bridge short however deep the clone lies', () => {
  const { run, group } = enginePlace(`/home/${'deep/'.repeat(40)}.slipway`)
  expect([run.length < 60, group.length <= 15]).toEqual([true, true])
})

test.runIf(existsSync('/proc/self/stat'))(
  'ends a process that ignores the request, and knows it from a later one of the same number',
  async () => {
    const mark = `mark-${process.pid}-${Math.random()}`
    const child = spawn(process.execPath, [
      '-e',
      "process.on('SIGTERM', () => {}); console.log(1); setInterval(() => {}, 1000)",
      mark,
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const pid = child.pid ?? 0
    const identity = await identify(pid)
    expect(await processesNaming(mark, 'cmdline')).toEqual([pid])
    expect(await isAlive({ pid, started: `${identity?.started}0` })).toBe(false)
    await end([pid], 100)
    expect(identity && (await isAlive(identity))).toBe(false)
  },
)

test.runIf(process.platform === 'linux')('lets one at a time work under a name, whoever else waits', async () => {
  let working = 0
  const seen: number[] = []
  const work = async (): Promise<void> => {
    working += 1
    seen.push(working)
    await sleep(20)
    working -= 1
  }
  await Promise.all([...Array(5)].map(() => alone(`slipway-test-${process.pid}`, work)))
  expect(seen).toEqual([1, 1, 1, 1, 1])
})

test.runIf(process.platform === 'linux')('gives the lock of a killed process to the next', async () => {
  const name = `slipway-killed-${process.pid}`
  const holding = `import { alone } from '${new URL('lock.ts', import.meta.url)}'
    await alone('${name}', async () => { console.log('held'); setInterval(() => {}, 1000); await new Promise(() => {}) })`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', holding])
  await once(holder.stdout, 'data')
  let isMine = false
  const mine = alone(name, async () => {
    isMine = true
  })
  await sleep(250)
  expect(isMine).toBe(false)
  holder.kill('SIGKILL')
  await mine
  expect(isMine).toBe(true)
})
