import { expect, test } from 'vitest'
import { checkArguments, createArguments, inheritedVariables } from './docker-arguments.ts'

const spec = {
  name: 'app-1',
  image: { reference: '127.0.0.1:5000/app@sha256:1', digest: 'sha256:1' },
  environment: { SECRET: 'hidden', PATH: '/bin', DOCKER_HOST: 'x' },
  ports: [8080],
  stopTimeout: 1_000,
  labels: { a: 'b' },
}

const rest = ['--publish', '127.0.0.1::8080']
const head = ['create', '--name', 'app-1', '--pull', 'never', '--label', 'a=b', '--label', 'slipway.session=s']
const variables = ['--env', 'SECRET', '--env', 'PATH=/bin', '--env', 'DOCKER_HOST=x']

test('a container is created with ports on loopback only, and no secret in the command line', () => {
  expect(createArguments(spec, 's')).toEqual([...head, ...variables, ...rest, '--no-healthcheck', spec.image.reference])
  expect(inheritedVariables(spec)).toEqual({ SECRET: 'hidden' })
})

test('what a task definition sets is handed on; words after the first of an entry point go before the command', () => {
  const full = { ...spec, user: '1000', workingDirectory: '/app', memory: 64, entryPoint: ['node', '-e'], command: ['1'] }
  const given = ['--user', '1000', '--workdir', '/app', '--memory', '64m', '--memory-swap', '64m']
  expect(createArguments(full, 's')).toEqual([
    ...head,
    ...variables,
    ...rest,
    ...given,
    '--no-healthcheck',
    '--entrypoint',
    'node',
    spec.image.reference,
    '-e',
    '1',
  ])
})

test.each([
  [
    ['CMD', 'node', 'check.js'],
    ['exec', 'id', 'node', 'check.js'],
  ],
  [
    ['CMD-SHELL', 'curl localhost || exit 1'],
    ['exec', 'id', '/bin/sh', '-c', 'curl localhost || exit 1'],
  ],
  [['NONE'], undefined],
])('the health check %o becomes %o', (command, expected) => {
  expect(checkArguments('id', command)).toEqual(expected)
})
