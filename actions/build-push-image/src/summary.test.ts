import { expect, it } from 'vitest'
import { parseImage } from '../../../lib/image.ts'
import type { Result } from './build.ts'
import type { Inputs } from './inputs.ts'
import { summarise } from './summary.ts'

const inputs = { repository: 'shop/app', tag: undefined, dryRun: false } as Inputs
const result: Result = {
  result: 'built',
  digest: 'sha256:1',
  image: 'host/shop/app@sha256:1',
  repository: 'shop/app',
  tag: 'src-1',
  platformDigests: { 'linux/amd64': 'sha256:1' },
  pushed: { sent: 12_345_678, skipped: 900 },
}
const ledger = {
  phases: new Map([['build', 1234]]),
  calls: new Map([['ecr:BatchGetImage', 2]]),
  count: () => undefined,
  phase: <T>(_: string, work: () => Promise<T>) => work(),
}

it('shows what was built, in which time and with which calls', () => {
  expect(summarise(inputs, result, ledger)).toMatchInlineSnapshot(`
    "### Image \`shop/app\`: built

    |  |  |
    |---|---|
    | Image | \`shop/app\` |
    | Content tag | \`src-1\` |
    | Digest | \`sha256:1\` |
    | Result | built |
    | Seconds | build 1.23 |
    | Bytes | 12 345 678 pushed, 900 skipped |
    | Calls | ecr:BatchGetImage 2 |
    "
  `)
})

it('says in a dry run that nothing was changed', () => {
  const platformDigests = { 'linux/amd64': 'sha256:2', 'linux/arm64': 'sha256:3' }
  const { pushed: _, ...rest } = result
  const dry = { ...rest, digest: undefined, platformDigests }
  const text = summarise({ ...inputs, tag: 'dev', dryRun: true }, dry, ledger)
  expect(text).toMatch(/would be built \(dry run: nothing was changed\)/)
  expect(text).toMatch(/\| Digest \| not built yet \|\n\| linux\/amd64 \| `sha256:2` \|/)
  expect(text).toMatch(/\| Further tag \| `dev` \|/)
})

it('shows what was copied, and from where', () => {
  const { pushed: _, ...rest } = result
  const copied = { sent: 1_000, skipped: 20_000, mounted: 300, referrers: 2 }
  const source = parseImage('222222222222.dkr.ecr.us-east-1.amazonaws.com/shop/app')
  const text = summarise({ ...inputs, source }, { ...rest, result: 'copied', copied }, ledger)
  expect(text).toContain('| Source | `222222222222.dkr.ecr.us-east-1.amazonaws.com/shop/app` |')
  expect(text).toContain('| Bytes | 1\u2009000 copied, 300 mounted, 20\u2009000 skipped |')
  expect(text).toContain('| Signatures, SBOMs, attestations | 2 copied with it |')
})
