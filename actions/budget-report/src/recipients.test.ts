import { expect, it } from 'vitest'
import { place } from './environment-report.case.ts'
import { recipients } from './recipients.ts'

const chosen = [
  { place: place({ environment: 'dev' }), slack: '/shop/slack' },
  { place: place({ environment: 'staging' }), slack: '/shop/slack' },
  { place: place({ environment: 'prod' }), slack: '/shop/prod/slack' },
  { place: place({ environment: 'lab' }) },
]
const given = { webhook: undefined, parameter: undefined, bot: undefined, allowHosts: [] }
const masked: string[] = []
const tools = {
  mask: (secret: string) => masked.push(secret),
  secret: (name: string, { environment }: { environment: string }) =>
    environment === 'dev' ? Promise.reject(new Error('denied')) : Promise.resolve(`https://hooks.slack.com/services${name}`),
}

it('one message for each webhook of the configuration, with the environments that name it', () => {
  const found = recipients(chosen, given, tools)
  expect(found.map(({ environments, open }) => [environments, open !== undefined])).toEqual([
    [['dev', 'staging'], true],
    [['prod'], true],
    [['lab'], false],
  ])
})

it('an environment whose secret cannot be read does not silence the others, and the address is masked', async () => {
  const [first] = recipients(chosen, given, tools)
  expect(await first?.open?.()).toEqual({ kind: 'webhook', url: 'https://hooks.slack.com/services/shop/slack' })
  expect(masked).toContain('https://hooks.slack.com/services/shop/slack')
})

it('one message for all where an input says where to', () => {
  expect(recipients(chosen, { ...given, parameter: '/all' }, tools)).toHaveLength(1)
})

it.each([
  [[], 'https://slack.com/api/'],
  [['slack-gov.com'], 'https://slack-gov.com/api/'],
  [['127.0.0.1:80'], 'http://127.0.0.1:80/api/'],
])('a bot with allowed hosts %j talks to %s', async (allowHosts, api) => {
  const [only] = recipients(chosen, { ...given, bot: { token: 't', channel: 'c' }, allowHosts }, tools)
  expect(await only?.open?.()).toMatchObject({ kind: 'bot', api })
})
