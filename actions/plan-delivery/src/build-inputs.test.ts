import { expect, test } from 'vitest'
import { buildInputs } from './build-inputs.ts'

const image = {
  name: 'app',
  repository: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app',
  tag: 'src-0123456789abcdef0123456789abcdef01234567',
  context: 'app',
}

const plan = (target: 'ecs' | 'lambda') => ({
  project: 'shop',
  services: [
    target === 'ecs'
      ? { name: 'api', image: 'app', dependsOn: [], target, cluster: 'shop-dev', service: 'api', container: 'api', count: 1 }
      : { name: 'api', image: 'app', dependsOn: [], target, functions: [], alias: 'live' },
  ],
})

test('an image is described by the inputs of build-push-image; what is not declared is left to its defaults', () => {
  expect(buildInputs(plan('ecs'), image)).toEqual({
    context: 'app',
    for: 'container',
    repository: 'shop/app',
    'aws-account-id': '111111111111',
    'aws-region': 'eu-west-1',
    'role-to-assume': 'arn:aws:iam::111111111111:role/shop-registry-build',
  })
})

test('lists become text as the inputs take them', () => {
  const declared = {
    ...image,
    dockerfile: 'docker/app.Dockerfile',
    target: 'release',
    platforms: ['linux/amd64', 'linux/arm64'],
    args: { MODE: 'fast', FLAGS: '-a=1' },
    inputs: ['libs/one', 'libs/two'],
  }
  expect(buildInputs(plan('ecs'), declared)).toMatchObject({
    dockerfile: 'docker/app.Dockerfile',
    target: 'release',
    platforms: 'linux/amd64,linux/arm64',
    'build-args': 'MODE=fast\nFLAGS=-a=1',
    inputs: 'libs/one\nlibs/two',
  })
})

test('an image that a function runs is built for Lambda', () => {
  expect(buildInputs(plan('lambda'), image)).toMatchObject({ for: 'lambda' })
})
