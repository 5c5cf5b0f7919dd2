import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DocumentContent, hostDocument } from '../lib/host/document.ts'
import { parseVerdict } from '../lib/host/verdict.ts'
import { bashHosts } from '../local/aws/ssm/bash-hosts.ts'
import { ids, startHosts } from '../local/aws/ssm/hosts.case.ts'

const registry = '111111111111.dkr.ecr.eu-west-1.amazonaws.com'
const image = `${registry}/shop/app@sha256:${'a'.repeat(64)}`
const document = hostDocument(registry)

/** The document without a word on what its parameters may be: as if both checks of AWS let everything through. */
const unchecked: DocumentContent = {
  ...document,
  parameters: Object.fromEntries(
    Object.entries(document.parameters).map(([name, { allowedPattern: _, allowedValues: __, maxChars: ___, ...rest }]) => [
      name,
      rest,
    ]),
  ),
}

let root: string
let world: Awaited<ReturnType<typeof startHosts>>
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'safety-'))
})
afterEach(async () => {
  await world?.close()
  rmSync(root, { recursive: true, force: true })
})

const start = async (given: object) => {
  const path = `${root}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`
  const executor = bashHosts(() => ({ path, environment: { SLIPWAY_ROOT: root, PWNED: join(root, 'pwned') } }))
  world = await startHosts(executor, { document: given, factor: 50 })
}

const send = (given: Record<string, string>): Promise<string> => {
  const parameters = { Operation: 'deploy', Service: 'edge', Image: image, Release: 'r1', ...given }
  return world.send({ Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])) })
}

const verdictOf = async (CommandId: string) => {
  await world.ended(CommandId)
  const { StandardOutputContent = '', ResponseCode } = await world.output(CommandId)
  const [listed] = await world.invocations(CommandId)
  const output = listed?.CommandPlugins?.[0]?.Output ?? ''
  return { verdict: parseVerdict(StandardOutputContent), listed: parseVerdict(output), output, code: ResponseCode }
}

const run = async (given: Record<string, string>) => verdictOf(await send(given))

const hostile: Record<string, string> = {
  'a command substitution': '$(touch "$PWNED")',
  backticks: '`touch "$PWNED"`',
  'the end of a quotation': `x'; touch "$PWNED"; '"; touch "$PWNED"; "`,
  'a new line': 'a\ntouch "$PWNED"',
  'a line end after what is allowed': 'edge\n',
  'a token of the document': '{{ Operation }}{{Image}}',
  'a reference to a parameter': '{{ssm:/shop/dev/secret}}',
  'an array subscript': 'x[$(touch "$PWNED")]',
  'an option': '--privileged',
  'a path': '../../etc/passwd',
  'a null character’s escape and wide characters': "\\0 \\x00 $'\\n' ＄（touch）",
}

const pairs = ['Operation', 'Service', 'Image', 'Release', 'Version', 'Command'].flatMap((name) =>
  Object.entries(hostile).map(([what, value]) => ({ name, what, value })),
)

/** What a name may be: the option and the dots are no more than that. */
const isName = ({ name, value }: { name: string; value: string }): boolean =>
  (name === 'Release' || name === 'Version') && /^[A-Za-z0-9._-]+$/.test(value)

describe('a parameter that means something to a shell', () => {
  test('is refused by Systems Manager before anything is sent, in every parameter', async () => {
    await start(document)
    const answers = await Promise.all(
      pairs.filter((pair) => !isName(pair)).map(({ name, value }) => send({ [name]: value }).catch((error: Error) => error.name)),
    )
    expect(new Set(answers)).toEqual(new Set(['InvalidParameters']))
  })

  test('is refused by the program where AWS has let it through, and never executed', async () => {
    await start(unchecked)
    const refused = pairs.filter((pair) => !isName(pair)).filter(({ what }) => /substitution|quotation|subscript/.test(what))
    const ends = await Promise.all(refused.map(({ name, value }) => run({ [name]: value })))
    expect(ends.map(({ verdict, code }) => [verdict?.result, verdict?.exit, code])).toEqual(refused.map(() => ['failed', 22, 22]))
    expect(existsSync(join(root, 'pwned'))).toBe(false)
  })

  test('that is too long is refused: beyond 8,192 by the document, beyond 64 KB by Systems Manager', async () => {
    await start(document)
    await expect(send({ Operation: 'run', Command: 'A'.repeat(8_193) })).rejects.toMatchObject({ name: 'InvalidParameters' })
    await expect(send({ Operation: 'run', Command: 'A'.repeat(65_536) })).rejects.toMatchObject({
      name: 'MaxDocumentSizeExceeded',
    })
  })
})

test('an image of another registry is refused', async () => {
  await start(document)
  const digest = `sha256:${'a'.repeat(64)}`
  for (const Image of [
    `docker.io/library/alpine@${digest}`,
    `${registry}.example.org/a@${digest}`,
    `${registry}/shop/app:latest`,
  ])
    await expect(send({ Image })).rejects.toMatchObject({ name: 'InvalidParameters' })
})

test('the document has no double brace, so no agent finds a parameter in its text', () => {
  expect(document.mainSteps[0]?.inputs.runCommand.filter((line) => line.includes('{{'))).toEqual([])
})

test('an agent too old for variables gives the program nothing, and it says so', async () => {
  await start(document)
  world.fleet.change(ids[0] ?? '', { agentVersion: '3.3.2745.0' })
  const { verdict } = await run({})
  expect(verdict).toMatchObject({ result: 'failed', exit: 22, reason: "there is no operation ''" })
})

test('a service that is not on the host is refused with a verdict', async () => {
  await start(document)
  const { verdict, listed } = await run({})
  expect(verdict).toMatchObject({ result: 'failed', exit: 22, operation: 'deploy' })
  expect(verdict?.reason).toMatch(/this host has no service 'edge'/)
  expect(listed).toEqual(verdict)
})

test('the verdict is whole where the rest of the output is cut', async () => {
  await start(document)
  mkdirSync(join(root, 'etc/slipway'), { recursive: true })
  mkdirSync(join(root, 'bin'))
  const settings = {
    REPOSITORY: `${registry}/shop/app`,
    REGION: 'eu-west-1',
    NETWORK: 'edge',
    MIN_FREE_MB: '1',
    MIN_FREE_INODES: '1',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(join(root, 'etc/slipway/edge.env'), lines.join(''))
  const noisy = 'pull) for i in $(seq 400); do printf "%0300d\\n" 0; done >&2; exit 1 ;;'
  for (const [program, does] of Object.entries({
    docker: `case $1 in login) cat >/dev/null ;; ${noisy} esac`,
    aws: 'echo password',
  })) {
    writeFileSync(join(root, 'bin', program), `#!/bin/sh\n${does}\n`)
    chmodSync(join(root, 'bin', program), 0o755)
  }
  const { verdict, listed, output } = await run({ Operation: 'deploy' })
  expect(verdict).toMatchObject({ result: 'failed', exit: 23 })
  expect(listed).toEqual(verdict)
  expect(output).toContain('---Output truncated---')
})
