import { expect, it } from 'vitest'
import { checked, secretsOf } from './address.ts'

const WEBHOOK = 'https://hooks.slack.com/services/T0/B0/abcdefsecret'

it("Slack's own hosts are taken, others only where they are allowed", () => {
  expect(checked(WEBHOOK, [], "input 'slack-webhook'")).toBe(WEBHOOK)
  expect(checked('https://hooks.slack-gov.com/services/x', [], 'x')).toContain('slack-gov')
  expect(checked('http://127.0.0.1:80/x', ['127.0.0.1'], 'x')).toContain('127.0.0.1')
})

it.each([
  ['https://hooks.slack.com.evil.example/services/abcdefsecret', /is at hooks.slack.com.evil.example, which is not Slack/],
  ['http://hooks.slack.com/services/abcdefsecret', /does not begin with https/],
  ['abcdefsecret', /is not an address/],
  ['https://hooks.slack.com@evil.example/services/abcdefsecret', /is at evil.example/],
])('%s is refused, and is not in the message', (address, words) => {
  expect(() => checked(address, [], "input 'slack-webhook'")).toThrow(words)
  expect(() => checked(address, [], "input 'slack-webhook'")).not.toThrow(/abcdefsecret/)
})

it('the whole address and its last segment are secrets', () => {
  expect(secretsOf(WEBHOOK)).toEqual([WEBHOOK, 'abcdefsecret'])
})
