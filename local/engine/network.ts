import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { attempt, run } from './command.ts'

/** The engine's own network: a bridge and one /16 of which it gives its containers addresses. */
export type Network = {
  bridge: string /** First two numbers of the /16, `10.213`. */
  prefix: string /** As found. */
  forwarding: string
}

const forwarding = '/proc/sys/net/ipv4/ip_forward'

/** The first of a few private /16 of which the machine's addresses and routes name nothing. */
export const freePrefix = (addressesAndRoutes: string): string => {
  const candidates = Array.from({ length: 40 }, (_, i) => `10.${213 + i}`)
  const free = candidates.find((prefix) => !addressesAndRoutes.includes(` ${prefix}.`))
  if (!free) throw new Error('no free private network was found between 10.213.0.0/16 and 10.252.0.0/16; remove an unused one')
  return free
}

const rules = (prefix: string): string[][] => {
  const net = `${prefix}.0.0/16`
  return [
    ['-t', 'nat', '-A', 'POSTROUTING', '-s', net, '!', '-d', net, '-j', 'MASQUERADE'],
    ['-I', 'FORWARD', '-s', net, '-j', 'ACCEPT'],
    ['-I', 'FORWARD', '-d', net, '-j', 'ACCEPT'],
  ]
}

/** What is written down before anything is changed, so that it can be undone after a kill at any point. */
export const planNetwork = async (bridge: string): Promise<Network> => {
  const taken = await Promise.all([run('ip', ['-4', '-o', 'address']), run('ip', ['-4', 'route', 'show', 'table', 'all'])])
  return {
    bridge,
    prefix: freePrefix(` ${taken.join('\n').replaceAll('\n', '\n ')}`),
    forwarding: readFileSync(forwarding, 'utf8').trim(),
  }
}

/**
 * Docker would manage the rules itself, but two engines share their chains and the second empties those of the first. So ours runs
 * without, published ports go through its proxy, and three rules of our own, marked by a comment, lead containers to the outside.
 */
export const openNetwork = async ({ bridge, prefix }: Network): Promise<void> => {
  await run('ip', ['link', 'add', bridge, 'type', 'bridge'])
  await run('ip', ['address', 'add', `${prefix}.255.1/24`, 'dev', bridge])
  await run('ip', ['link', 'set', bridge, 'up'])
  writeFileSync(forwarding, '1')
  for (const rule of rules(prefix)) await run('iptables', ['-w', ...rule, '-m', 'comment', '--comment', bridge])
}

/** Removes the rules, the bridge and the bridges of networks that containers were given, and restores forwarding. */
export const closeNetwork = async ({ bridge, prefix, forwarding: before }: Network): Promise<void> => {
  for (const table of ['nat', 'filter']) {
    const listed = (await attempt('iptables', ['-w', '-t', table, '-S'])) ?? ''
    const ours = listed.split('\n').filter((rule) => rule.startsWith('-A') && rule.includes(`--comment ${bridge} `.trimEnd()))
    for (const rule of ours) await attempt('iptables', ['-w', '-t', table, '-D', ...rule.split(' ').slice(1)])
  }
  const addresses = await run('ip', ['-4', '-o', 'address'])
  for (const [, device, address] of addresses.matchAll(/^\d+: (\S+)\s+inet (\S+)/gm)) {
    if (device && (device === bridge || device.startsWith('br-')) && address?.startsWith(`${prefix}.`))
      await attempt('ip', ['link', 'delete', device])
  }
  await attempt('ip', ['link', 'delete', bridge])
  // Another Docker that was started meanwhile needs it on.
  if (!existsSync('/sys/class/net/docker0')) writeFileSync(forwarding, before)
}
