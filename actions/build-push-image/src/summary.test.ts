import { expect, it } from 'vitest'
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

    | | |
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
  const dry = { ...result, digest: undefined, pushed: undefined, platformDigests }
  const text = summarise({ ...inputs, tag: 'dev', dryRun: true }, dry, ledger)
  expect(text).toMatch(/would be built \(dry run: nothing was changed\)/)
  expect(text).toMatch(/\| Digest \| not built yet \|\n\| linux\/amd64 \| `sha256:2` \|/)
  expect(text).toMatch(/\| Further tag \| `dev` \|/)
})
