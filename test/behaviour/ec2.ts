import { SendCommandCommand } from '@aws-sdk/client-ssm'
import { hostDocument } from '../../lib/host/document.ts'
import type { HostExecutor } from '../../local/aws/ssm/executor.ts'
import { type HostServices, hostServices } from '../../local/aws/ssm/host-services.ts'
import { type ScriptedHost, type ScriptedImage, type ScriptedImages, scriptedHosts } from '../../local/aws/ssm/scripted-hosts.ts'
import { account, region, registryAccount, startCloudWorld, until } from '../cloud-world.ts'
import type { Nature, OpenTarget, ServiceState } from './world.ts'

const DOCUMENT = 'shop-dev-deploy'
const KEY = 'slipway:service'
const SECRET = 'instance-s3cr3t-in-plain-sight'

const NATURES: Record<Nature, ScriptedImage> = {
  works: {},
  crashes: { fails: 'exits', log: ['Error: no database'] },
  unhealthy: { fails: 'unhealthy', log: ['waiting for the database'] },
  gone: { fails: 'pull' },
  slow: { takes: 60_000 },
}

/** A release that belongs to nobody's run here. */
const ELSEWHERE = 'by-hand-elsewhere'
/** Longer than what is slow, so that whoever comes to the second host finds it busy. */
const LONGER = 300_000

type Service = { ids: string[]; images: ScriptedImages }

/** Services of two hosts each, switched one after the other. What a host prints after its verdict holds a key of its role. */
export const openEc2: OpenTarget = async ({ checked: _, limit: __, ...options }) => {
  const hosts: Record<string, ScriptedHost> = {}
  const services = new Map<string, Service>()
  let host: HostServices | undefined
  const world = await startCloudWorld({
    ...options,
    tags: ['v1', 'v2', 'v3'],
    services: ({ time }) => {
      const executorOf = new Map<string, HostExecutor>()
      const executor: HostExecutor = {
        run: (run, signal) => {
          const [, { images }] = [...services].find(([, { ids }]) => ids.includes(run.instanceId)) ?? ['', { images: {} }]
          const found = executorOf.get(run.instanceId) ?? scriptedHosts(time, hosts, images)
          executorOf.set(run.instanceId, found)
          return found.run(run, signal)
        },
        reboot: async () => undefined,
      }
      const content = hostDocument(`${registryAccount}.dkr.ecr.${region}.amazonaws.com`)
      host = hostServices({ time, instances: [], documents: [{ account, region, name: DOCUMENT, content }], executor })
      return host.services
    },
  })
  const { fleet, stopAll } = host as HostServices
  const others: Promise<void>[] = []
  const service = (name: string): Service => services.get(name) as Service
  const deployTo = (name: string, id: string, tag: string) =>
    world.ssm.send(
      new SendCommandCommand({
        DocumentName: DOCUMENT,
        InstanceIds: [id],
        Parameters: { Operation: ['deploy'], Service: [name], Image: [world.imageOf(tag)], Release: [ELSEWHERE] },
      }),
    )
  const isOn = (id: string, tag: string): boolean => hosts[id]?.active?.image === world.imageOf(tag)

  return {
    ...world,
    preDeploy: true,
    createService: async (name, tag) => {
      const ids = [0, 1].map((index) => `i-0000000${services.size}${index}`)
      services.set(name, { ids, images: {} })
      for (const instanceId of ids) {
        hosts[instanceId] = {
          active: { release: `boot-${tag}`, image: world.imageOf(tag), version: `src-${tag.slice(1)}` },
          prints: (verdict) => `${verdict}export AWS_SECRET_ACCESS_KEY=${SECRET}\n`,
        }
        fleet.add({ account, region, instanceId, tags: { [KEY]: name } })
      }
    },
    act: (tag, nature, only) => {
      for (const [name, { images }] of services)
        if (only === undefined || only === name) images[world.digests[tag] ?? ''] = NATURES[nature]
    },
    answerAs: (tag, version) => {
      for (const { images } of services.values()) images[world.digests[tag] ?? ''] = { version }
    },
    inputs: (name, tag) => ({
      target: 'ec2',
      service: name,
      hosts: `${KEY}=${name}`,
      document: DOCUMENT,
      batch: '1',
      image: world.imageOf(tag),
    }),
    planned: (name) => ({ target: 'ec2', tag: { key: KEY, value: name }, document: DOCUMENT, service: name, batch: 1 }),
    deployElsewhere: async (name, tag) => {
      const { ids, images } = service(name)
      const [first = '', second = ''] = ids
      images[world.digests[tag] ?? ''] = { takes: LONGER }
      await deployTo(name, second, tag)
      const rest = async (): Promise<void> => {
        const are = (here: () => boolean) => until(async () => here(), Boolean)
        await are(() => isOn(second, tag) && hosts[first]?.holder === undefined)
        images[world.digests[tag] ?? ''] = {}
        await deployTo(name, first, tag)
        await are(() => isOn(first, tag))
      }
      others.push(rest())
    },
    underWay: (running) => running.printed('wave 1 of 2'),
    observe: async (name) => {
      await Promise.all(others)
      return stateOf(service(name).ids.map((id) => hosts[id] as ScriptedHost))
    },
    // Every operation is a command, `status` too, and so is the proof.
    proof: { changes: /^$/, reads: /^ssm:SendCommand$/ },
    planted: () => [SECRET],
    close: async () => {
      await stopAll()
      await world.close()
    },
  }
}

const digestOf = (image = ''): string => image.split('@')[1] ?? ''

const stateOf = async (hosts: readonly ScriptedHost[]): Promise<ServiceState> => {
  await until(
    async () => hosts.map(({ holder }) => holder),
    (holders) => holders.every((holder) => holder === undefined),
  )
  return {
    copies: hosts.length,
    running: hosts.map(({ active }) => digestOf(active?.image)),
    // There and back again is one deployment.
    started: Math.max(...hosts.map(({ swaps = 0 }) => Math.ceil(swaps / 2))),
    revisions: 0,
    orphans: 0,
    rest: { previous: hosts.map(({ previous }) => digestOf(previous?.image)), pending: hosts.map(({ pending = '' }) => pending) },
  }
}
