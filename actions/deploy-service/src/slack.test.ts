import { expect, test } from 'vitest'
import type { ServiceResult } from './request.ts'
import { messageOf } from './slack.ts'

const failed: ServiceResult = {
  service: 'api',
  outcome: 'failed-rolled-back',
  reason: '2 tasks failed',
  causes: [{ reason: "container 'app' exited with 3 <!channel> & more", count: 2 }],
  digest: '',
  duration: 0,
}

test('place, service, outcome, reason, cause and link, and nothing that Slack would read as a mark', () => {
  expect(messageOf('shop in dev', { outcome: 'failed-rolled-back', results: [failed] }, 'https://run')).toBe(
    [
      '*shop in dev*: api failed-rolled-back',
      '2 tasks failed',
      "Cause: container 'app' exited with 3 &lt;!channel&gt; &amp; more",
      '<https://run|See the run>',
    ].join('\n'),
  )
})

test('where no service is concerned the reason stands alone, and a long one is cut', () => {
  const message = messageOf('shop in dev', { outcome: 'refused', reason: 'x'.repeat(5_000), results: [] }, 'https://run')
  expect(message.startsWith('*shop in dev*: refused\nxxx')).toBe(true)
  expect(message.length).toBeLessThan(1_600)
  expect(message.endsWith('<https://run|See the run>')).toBe(true)
})
