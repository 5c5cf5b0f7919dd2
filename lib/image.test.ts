import { expect, test } from 'vitest'
import { parseImage, short } from './image.ts'

const digest = `sha256:${'0a'.repeat(32)}`

test.each([
  [
    `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`,
    { account: '111111111111', region: 'eu-west-1', name: 'shop/app', digest },
  ],
  ['111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:src-1', { name: 'app', tag: 'src-1' }],
  [`111111111111.dkr.ecr.us-gov-west-1.amazonaws.com/app:1@${digest}`, { region: 'us-gov-west-1', tag: '1', digest }],
  [`111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app@${digest}`, { region: 'cn-north-1' }],
  [`111111111111.dkr.ecr.eusc-de-east-1.amazonaws.eu/app@${digest}`, { region: 'eusc-de-east-1' }],
  [`111111111111.dkr-ecr.eu-west-1.on.aws/app@${digest}`, { region: 'eu-west-1' }],
  [`111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/app@${digest}`, { region: 'us-east-1' }],
])('%s is an image in ECR', (text, expected) => {
  expect(parseImage(text)).toMatchObject(expected)
})

test.each([
  'nginx',
  'docker.io/library/nginx:1',
  '11111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1',
  '111111111111.dkr.ecr.eu-west-1.amazonaws.com.evil.org/app:1',
  'evil.org/111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1',
  '111111111111.dkr.ecr.eu-west-1.amazonaws.com/App:1',
  '111111111111.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:123',
  '111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1\n',
])('%j is none', (text) => {
  expect(parseImage(text)).toBeUndefined()
})

test('people read the first twelve digits of a digest', () => {
  expect(short(digest)).toBe('0a0a0a0a0a0a')
})
