import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { readInputs as readBuild } from '../../actions/build-push-image/src/inputs.ts'
import { readInputs as readDeploy } from '../../actions/deploy-service/src/inputs.ts'
import { jobOfPlan } from '../../actions/deploy-service/src/job.ts'
import { readInputs as readPlan } from '../../actions/plan-delivery/src/inputs.ts'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { runContext } from '../../lib/runner/context.ts'
import { configurationText } from './configurations.case.ts'

/** Longest time for one set of inputs; a pattern that backtracks without end would take minutes. */
const SLOWEST = 1_000

const digest = `sha256:${'a'.repeat(64)}`
const account = '111111111111'
const repository = `${account}.dkr.ecr.eu-west-1.amazonaws.com/shop/app`

const image = { repository, tag: 'src-1', digest }
const service = {
  target: 'ecs',
  name: 'api',
  image: 'app',
  dependsOn: [],
  cluster: 'c',
  service: 's',
  container: 'app',
  count: 1,
}
const plan = {
  version: 1,
  project: 'shop',
  environment: 'dev',
  account,
  region: 'eu-west-1',
  role: 'r',
  branch: 'dev',
  kind: 'first',
  release: { commit: 'c', images: { app: image } },
  services: [service],
}

/** Values that are right somewhere, so that the generated inputs get past the first check. */
const RIGHT = [
  ...[account, 'eu-west-1', 'shop', 'shop/app', 'app', 'api', 'ecs', 'true', 'false', '30s', '2', 'off', 'build', 'dev', '.'],
  ...['supersede', 'oidc', 'ambient', 'keep', 'linux/amd64', 'linux/amd64,linux/arm64', 'lambda', 'a=b', 'https://x', '["a"]'],
  ...[`${repository}@${digest}`, `${repository}:v1`, `app=${repository}:v1`, `arn:aws:iam::${account}:role/r`],
  ...[JSON.stringify({ app: digest }), JSON.stringify(plan), 'c'.repeat(40), '{}', '[]', 'null'],
]

const nasty = fc.oneof(
  fc.constantFrom('', ' ', '\n', '=', '::error::x', '__proto__=x', 'constructor', '{"__proto__":1}', '[[', '"', '\u0000', '-'),
  fc.constantFrom('9'.repeat(400), 'a-'.repeat(5_000), 'a/'.repeat(5_000), '['.repeat(20_000), 'x=\n'.repeat(3_000)),
)
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...RIGHT) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: nasty },
)

const setInputs = (inputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(inputs)) process.env[`INPUT_${name.toUpperCase()}`] = value.replaceAll('\0', '')
}
const clearInputs = (): void => {
  for (const name of Object.keys(process.env)) if (name.startsWith('INPUT_')) delete process.env[name]
}
afterEach(clearInputs)

/** One line in the user's words; what a runtime says of a mistake of ours is none. */
const clear = (error: unknown, names: RegExp): void => {
  const { name, message } = error as Error
  expect(['Error', 'Refusal']).toContain(name)
  expect(message).toMatch(names)
  expect(message).not.toMatch(/\n|undefined|\[object |not a function|Cannot read|Maximum call stack/)
  expect(message.length).toBeLessThan(2_000)
}

/** Reads generated inputs: a value, or one clear line that names the input, soon. */
const holds = async (names: readonly string[], runs: number, read: () => unknown): Promise<void> => {
  const record = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), text), {
    selector: ([name]) => name,
    maxLength: names.length,
  })
  await fc.assert(
    fc.asyncProperty(record, async (pairs) => {
      setInputs(Object.fromEntries(pairs))
      const started = performance.now()
      try {
        await read()
      } catch (error) {
        clear(error, /\binputs? '|^the service '/)
      } finally {
        clearInputs()
      }
      expect(performance.now() - started).toBeLessThan(SLOWEST)
    }),
    { numRuns: runs, endOnFailure: true },
  )
}

const COMMON = ['aws-account-id', 'aws-region', 'role-to-assume', 'request-timeout', 'dry-run']
const DEPLOY = [
  ...['plan', 'digests', 'credentials', 'on-failure', 'target', 'cluster', 'service', 'image', 'images', 'container'],
  ...['pre-deploy', 'initial-count', 'allow-zero', 'smoke-url', 'smoke-version', 'timeout', 'fail-fast', 'in-progress'],
  ...['poll-interval', 'smoke-timeout'],
]
const BUILD = [
  ...[
    'context',
    'dockerfile',
    'target',
    'platforms',
    'build-args',
    'inputs',
    'commit',
    'repository',
    'tag',
    'when-missing',
    'for',
  ],
  ...['build-secrets', 'builder', 'source', 'source-role-to-assume'],
]

/** Generates so many thousand inputs in all. */
export const testInputs = (thousands: number): void => {
  // fast-check never ends with a number of runs that is not whole.
  const share = (part: number): number => Math.round(thousands * 1_000 * part)
  const limit = thousands * 10_000
  describe(`${thousands} thousand generated inputs end as a value or as one clear line`, () => {
    test(
      'of deploy-service',
      async () => {
        await holds([...COMMON, ...DEPLOY], share(0.35), async () => {
          const inputs = readDeploy()
          if (inputs.form === 'plan') await jobOfPlan(inputs)
        })
      },
      limit,
    )

    test(
      'of build-push-image',
      async () => {
        const context = { sha: 'HEAD', workspace: '/nowhere', env: {} }
        await holds([...COMMON, ...BUILD], share(0.35), () => readBuild(context))
      },
      limit,
    )

    test(
      'of plan-delivery',
      async () => {
        const context = runContext({ GITHUB_SHA: '' })
        await holds([...COMMON, 'commit', 'config', 'environment', 'credentials'], share(0.1), () => readPlan(context))
      },
      limit,
    )

    test(
      'of delivery.json',
      () => {
        fc.assert(
          fc.property(configurationText, (source) => {
            const started = performance.now()
            try {
              parseConfiguration(source)
            } catch (error) {
              const { name, message } = error as Error
              expect(name).toBe('Refusal')
              for (const line of message.split('\n')) expect(line).toMatch(/^delivery\.json:\d+:\d+: \S/)
              expect(message).not.toMatch(/\bundefined\b|\[object |not a function|Cannot read|Maximum call stack/)
            }
            expect(performance.now() - started).toBeLessThan(SLOWEST)
          }),
          { numRuns: share(0.2), endOnFailure: true },
        )
      },
      limit,
    )
  })
}
