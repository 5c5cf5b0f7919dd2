import { expect, test } from 'vitest'
import { hostDocument } from './document.ts'
import { PROGRAM } from './program.ts'

const host = '111111111111.dkr.ecr.eu-west-1.amazonaws.com'
const { parameters, mainSteps } = hostDocument(host)
const digest = `sha256:${'a'.repeat(64)}`

/** As the agent checks: unanchored, and only what the pattern says. */
const admits = (name: string, value: string): boolean => new RegExp(parameters[name]?.allowedPattern ?? '^$').test(value)

test('a document is accepted by SSM: 64 kB, and no double brace in it that would be taken for a parameter', () => {
  expect(JSON.stringify(hostDocument(host)).length).toBeLessThan(60_000)
  expect(PROGRAM.split('\n').filter((line) => /\{\{|\}\}/.test(line))).toEqual([])
})

test('it runs the program, word for word', () => {
  expect(mainSteps[0]?.inputs.runCommand.join('\n')).toBe(PROGRAM.trimEnd())
})

test('no value becomes text of the script: each parameter is a variable, and has a pattern that the agent can compile', () => {
  for (const parameter of Object.values(parameters)) {
    expect(parameter.interpolationType).toBe('ENV_VAR')
    expect(parameter.allowedPattern).toMatch(/^\^.*\$$/)
    // Go's regular expressions count to 1,000, and look neither ahead nor behind.
    expect(parameter.allowedPattern).not.toMatch(/\{\d*,?\d{4,}\}|\(\?/)
  }
})

test('every default is admitted by its own pattern', () => {
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.default !== undefined) expect(admits(name, parameter.default), name).toBe(true)
  }
})

test.each([
  ['Image', `${host}/shop/app@${digest}`],
  ['Image', ''],
  ['Operation', 'rollback'],
  ['Service', 'edge'],
  ['Release', '17283-1-0123456789ab'],
  ['Version', 'src-0123abc'],
  ['Command', 'WyJub2RlIl0='],
])('%s may be %j', (name, value) => expect(admits(name, value)).toBe(true))

test.each([
  ['Image', `999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`],
  ['Image', `111111111111xdkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`],
  ['Image', `docker.io/library/app@${digest}`],
  ['Image', `${host}/shop/app:latest`],
  ['Image', `${host}/shop/app@${digest} --privileged`],
  ['Image', `${host}/shop/app@${digest}\n`],
  ['Operation', 'deploy; reboot'],
  ['Operation', 'shell'],
  ['Service', '../etc/passwd'],
  ['Service', '$(reboot)'],
  ['Release', 'r1;id'],
  ['Release', ''],
  ['Release', '{{ssm:/shop/secret}}'],
  ['Version', 'a b'],
  ['Command', '["id"]'],
  ['Command', 'x'.repeat(65_536).concat('`')],
])('%s may not be %j', (name, value) => expect(admits(name, value)).toBe(false))
