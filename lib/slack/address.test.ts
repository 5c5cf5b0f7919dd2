import { expect, it } from 'vitest'
import { checkedAddress, secretsOf } from './address.ts'

const WEBHOOK = 'https://hooks.slack.com/services/T0/B0/abcdefsecret'

it("Slack's own hosts are taken, others only where they are allowed", () => {
  expect(checkedAddress(WEBHOOK, "input 'slack-webhook'")).toBe(WEBHOOK)
  expect(checkedAddress('https://hooks.slack-gov.com/services/x', 'x')).toContain('slack-gov')
  expect(checkedAddress('http://127.0.0.1:81/x', 'x', (host) => host === '127.0.0.1:81')).toContain('127.0.0.1')
})

it.each([
  ['https://hooks.slack.com.evil.example/services/abcdefsecret', /is at hooks.slack.com.evil.example, which is not Slack/],
  ['http://hooks.slack.com/services/abcdefsecret', /does not begin with https/],
  ['abcdefsecret', /is not an address/],
  ['https://hooks.slack.com@evil.example/services/abcdefsecret', /is at evil.example/],
])('%s is refused, and is not in the message', (address, words) => {
  expect(() => checkedAddress(address, "input 'slack-webhook'")).toThrow(words)
  expect(() => checkedAddress(address, "input 'slack-webhook'")).not.toThrow(/abcdefsecret/)
})

it('the whole address and its last segment are secrets', () => {
  expect(secretsOf(WEBHOOK)).toEqual([WEBHOOK, 'abcdefsecret'])
})
