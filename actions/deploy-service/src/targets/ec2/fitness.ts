import { AGENT_VERSION } from '../../../../../lib/host/document.ts'
import type { Host } from './hosts.ts'

/** Why a command cannot be sent to a host. `unreached` may pass by itself, `unfit` asks for a person. */
export type Unfitness = { kind: 'stopped' | 'starting' | 'unreached' | 'unfit'; sentence: string }

/** Milliseconds in which a host that was launched may be expected to register. */
const REGISTRATION = 300_000

/** Undefined where the host can be deployed to, as far as AWS can tell: its disk and its Docker speak for themselves. */
export const unfitnessOf = ({ id, state, age, hasProfile, agent }: Host): Unfitness | undefined => {
  const say = (kind: Unfitness['kind'], text: string): Unfitness => ({ kind, sentence: `${id} ${text}` })
  if (state === 'pending') return say('starting', 'is still starting')
  if (state !== 'running') return say('stopped', `is ${state}`)
  if (agent === undefined && hasProfile && age < REGISTRATION) {
    return say('starting', 'was launched a moment ago and is not yet registered with Systems Manager')
  }
  if (agent === undefined) {
    return hasProfile
      ? say(
          'unreached',
          'is not registered with Systems Manager: check that its agent runs, that its role has AmazonSSMManagedInstanceCore, and that it reaches the ssm and ssmmessages endpoints',
        )
      : say('unfit', 'has no instance profile: give it one whose role has AmazonSSMManagedInstanceCore and may pull the image')
  }
  if (agent.platform !== 'Linux')
    return say('unfit', `runs ${agent.platform || 'an unknown system'}; only Linux hosts can be deployed to`)
  if (isOlder(agent.version, AGENT_VERSION)) {
    return say(
      'unfit',
      `has the SSM agent ${agent.version || '(unknown)'}, which would put parameters into the script as text; update it to ${AGENT_VERSION} or later (AWS-UpdateSSMAgent)`,
    )
  }
  if (agent.ping !== 'Online') {
    const last = agent.lastPing ? `, last heard of at ${agent.lastPing.toISOString()}` : ''
    return say(
      'unreached',
      `is not online for Systems Manager (${agent.ping || 'no answer'}${last}): check its agent and its network`,
    )
  }
  return undefined
}

/** Numbers compared part by part; a version that cannot be read is older than all. */
export const isOlder = (version: string, than: string): boolean => {
  const parts = version.split('.').map(Number)
  if (version === '' || parts.some(Number.isNaN)) return true
  for (const [index, needed] of than.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0
    if (part !== needed) return part < needed
  }
  return false
}
