import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bashHosts } from './bash-hosts.ts'
import { content, ids, startHosts } from './hosts.case.ts'

let root: string
let world: Awaited<ReturnType<typeof startHosts>>
let reboots: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agent-'))
  reboots = 0
})
afterEach(async () => {
  await world.close()
  rmSync(root, { recursive: true, force: true })
})

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const [first = ''] = ids

const executor = () => bashHosts(() => ({ path, environment: { ROOT: root }, reboot: async () => (reboots += 1) }))

/** A document of one script in bash, with the parameters of the cases or others. */
const documentOf = (script: string, parameters: object = content.parameters, timeoutSeconds = '3600') => ({
  schemaVersion: '2.2',
  parameters,
  mainSteps: [{ action: 'aws:runShellScript', name: 'host', inputs: { timeoutSeconds, runCommand: ['#!/bin/bash', script] } }],
})

const run = async (document: object, given: Record<string, string> = {}, agentVersion?: string) => {
  world = await startHosts(executor(), { document, factor: 50 })
  if (agentVersion) world.fleet.change(first, { agentVersion })
  const Parameters = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]))
  const CommandId = await world.send({ Parameters })
  await world.ended(CommandId)
  const {
    StatusDetails,
    ResponseCode,
    StandardOutputContent: stdout = '',
    StandardErrorContent: stderr = '',
  } = await world.output(CommandId)
  return { CommandId, status: [StatusDetails, ResponseCode], stdout, stderr }
}

describe('the environment of a script', () => {
  test('has neither HOME nor anything of the caller, and says where and for which command it runs', async () => {
    const { CommandId, stdout } = await run(documentOf('env | sort'))
    const names = stdout.split('\n').map((line) => line.split('=')[0])
    expect(names.filter((name) => name && !/^(PWD|SHLVL|_)$/.test(name))).toEqual([
      ...['AWS_SSM_INSTANCE_ID', 'AWS_SSM_REGION_NAME', 'PATH', 'ROOT', 'SSM_COMMAND_ID', 'SSM_Said', 'SSM_Shout'],
    ])
    expect(stdout).toContain(`AWS_SSM_INSTANCE_ID=${first}\n`)
    expect(stdout).toContain(`SSM_COMMAND_ID=${CommandId}\n`)
  })
})

const injection = 'x$(touch $ROOT/pwned)`touch $ROOT/pwned`"; touch "$ROOT/pwned"; #'
const open = { Text: { type: 'String', interpolationType: 'ENV_VAR' } }
const showing = 'printf "%s|" "$SSM_Text"; printf "%s" "{{ Text }}"'

describe('a parameter', () => {
  test('that becomes a variable reaches the script as it is, and is never part of its text', async () => {
    const { stdout } = await run(documentOf('printf "%s" "$SSM_Text"', open), { Text: `${injection}\n{{ Text }} $$ $1` })
    expect(stdout).toBe(`${injection}\n{{ Text }} $$ $1`)
    expect(existsSync(join(root, 'pwned'))).toBe(false)
  })

  test('is executed by an agent that is too old for variables: why its version is looked at', async () => {
    await run(documentOf(showing, open), { Text: injection }, '3.3.2745.0')
    expect(existsSync(join(root, 'pwned'))).toBe(true)
  })

  test.each([
    ['3.3.2746.0', 'a|{{ Text }}'],
    ['3.10.0.0', 'a|{{ Text }}'],
    ['3.3.2745.9', '|a'],
    ['3.2.9999.0', '|a'],
  ])('reaches the script of agent %s as %s', async (version, shown) => {
    expect((await run(documentOf(showing, open), { Text: 'a' }, version)).stdout).toBe(shown)
  })

  test('loses a dollar sign of two where it is put into the text', async () => {
    const { stdout } = await run(documentOf("printf '%s' '{{Open}} {{  Open }}'"), { Open: 'a$$b' })
    expect(stdout).toBe('a$b a$b')
  })

  test('that matches a pattern without anchors somewhere is let through', async () => {
    const { status, stdout } = await run(documentOf('printf "{{ Open }}"'), { Open: '1; 2 a' })
    expect([status, stdout]).toEqual([['Success', 0], '1; 2 a'])
  })

  test.each([
    ['^[a-z]{0,8192}$', 'invalid repeat count: `{0,8192}`'],
    ['^(?=a)a$', 'invalid or unsupported Perl syntax: `(?=`'],
    ['^(a)\\1$', 'invalid escape sequence: `\\1`'],
  ])('whose pattern is %s fails on every host, because Go does not compile it', async (allowedPattern, error) => {
    const { status, stderr } = await run(documentOf('true', { Text: { type: 'String', allowedPattern, default: 'aa' } }))
    expect(status).toEqual(['Failed', -1])
    expect(stderr).toContain(`error parsing regexp: ${error}`)
  })

  test('is checked by the agent even where it is the default', async () => {
    const { CommandId, status, stderr } = await run(
      documentOf('true', { Text: { type: 'String', allowedPattern: '^a$', default: 'b' } }),
    )
    expect(status).toEqual(['Failed', -1])
    // Nothing was started, which tells it from a script that was killed.
    expect((await world.invocations(CommandId))[0]?.CommandPlugins?.[0]?.ResponseStartDateTime).toBeUndefined()
    expect(stderr).toContain('parameter value /b/ does not match the allowed pattern /^a$/')
  })
})

describe('the end of a script', () => {
  test('with another code than 0 is a failure, and the agent says so on standard error', async () => {
    const { status, stdout, stderr } = await run(documentOf('echo out; echo err >&2; exit 24'))
    expect([status, stdout, stderr]).toEqual([['Failed', 24], 'out\n', 'err\n\nfailed to run commands: exit status 24'])
  })

  test('with 137 is reported as a time limit', async () => {
    expect((await run(documentOf('exit 137'))).status).toEqual(['ExecutionTimedOut', 137])
  })

  test('by a signal to all of it, which the agent did not send, is a failure without a code', async () => {
    const { status, stderr } = await run(documentOf('kill -9 0'))
    expect([status, stderr]).toEqual([['Failed', -1], 'failed to run commands: signal: killed'])
  })

  test('with 194 restarts the host and runs the script again', async () => {
    const { status } = await run(documentOf('[ -e "$ROOT/once" ] || { touch "$ROOT/once"; exit 194; }'))
    expect([status, reboots]).toEqual([['Success', 0], 1])
  })

  test('comes by SIGKILL to all of its processes at the time limit: no trap runs', async () => {
    const script = 'trap "touch $ROOT/trapped" EXIT TERM; sleep 60 & echo $! >"$ROOT/child"; echo begun; wait'
    const { status, stdout } = await run(documentOf(script, {}, '75'))
    expect([status, stdout]).toEqual([['ExecutionTimedOut', 137], 'begun\n'])
    expect(existsSync(join(root, 'trapped'))).toBe(false)
    const state = readState(Number(readFileSync(join(root, 'child'), 'utf8')))
    expect(state === undefined || state === 'Z').toBe(true)
  })

  test('comes by SIGKILL when the command is cancelled', async () => {
    world = await startHosts(executor(), {
      document: documentOf('trap "touch $ROOT/trapped" EXIT; echo begun; touch "$ROOT/begun"; sleep 60', {}),
      factor: 50,
    })
    const CommandId = await world.send()
    await world.reaches(CommandId, 'InProgress')
    await vi.waitUntil(() => existsSync(join(root, 'begun')), 5_000)
    await world.ssm.cancelCommand({ CommandId })
    const { invocations } = await world.ended(CommandId)
    expect(invocations[0]?.CommandPlugins?.[0]).toMatchObject({ StatusDetails: 'Cancelled', Output: 'begun\n' })
    expect(existsSync(join(root, 'trapped'))).toBe(false)
  })
})

const readState = (pid: number): string | undefined => {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

test('only the beginning of the output is kept: 24,000 and 8,000 characters, or 2,500 of both', async () => {
  const noise = 'echo "{first line}"; printf "o%.0s" {1..30000}; printf "e%.0s" {1..10000} >&2'
  const { CommandId, stdout, stderr } = await run(documentOf(noise))
  expect([stdout.length, stderr.length]).toEqual([24_000, 8_000])
  expect([stdout.slice(0, 13), stdout.slice(-20)]).toEqual(['{first line}\n', '--output truncated--'])
  const [invocation] = await world.invocations(CommandId)
  const listed = invocation?.CommandPlugins?.[0]?.Output ?? ''
  expect(listed.length).toBeLessThanOrEqual(2_500)
  expect(listed.startsWith('{first line}\n')).toBe(true)
  expect(listed.match(/-{3,}[\w ]+-{3,}/g)).toEqual([
    '---Output truncated---',
    '----------ERROR-------',
    '---Error truncated----',
  ])
})
