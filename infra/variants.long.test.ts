import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { installCfnLint } from '../scripts/cfn-lint.ts'
import { type SynthesisedStack, synthesise } from './templates.case.ts'
import { VARIANTS } from './variants.case.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'infra-variants-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The most that CloudFormation takes of a template which is sent without a bucket, as those of the administrator are. */
const INLINE_TEMPLATE = 51_200

describe.each(Object.entries(VARIANTS))('%s', (name, configuration) => {
  let stacks: SynthesisedStack[] = []

  it('is a valid delivery.json, and nothing in its templates is left unexplained', () => {
    parseConfiguration(JSON.stringify(configuration()))
    stacks = synthesise(configuration())
    for (const stack of stacks) expect(stack.text.length, stack.name).toBeLessThan(INLINE_TEMPLATE)
    expect(stacks.filter(({ text }) => /AWS::IAM::User|AccessKey|Fn::ImportValue|"Export"/.test(text))).toEqual([])
  })

  it('is found right by cfn-lint', async () => {
    const cfnLint = await installCfnLint(console.log)
    expect(stacks.length).toBeGreaterThan(5)
    const files = stacks.map((stack) => {
      const file = join(folder, `${name.replaceAll(/\W+/g, '-')}-${stack.name}.json`)
      writeFileSync(file, stack.text)
      return { file, region: stack.region }
    })
    const [{ region } = { region: 'eu-west-1' }] = files
    const options = ['--regions', region, '--']
    await run(cfnLint, [...options, ...files.map(({ file }) => file)])
  })
})

it('is synthesised by the command without credentials and without a network to ask', async () => {
  const output = join(folder, 'cdk.out')
  const { NODE_OPTIONS: _, ...env } = process.env
  const started = performance.now()
  await run(join(root, 'node_modules', '.bin', 'cdk'), ['synth', '--quiet', '--output', output], {
    cwd: root,
    env: {
      ...env,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    },
  })
  expect(performance.now() - started).toBeLessThan(60_000)
})

it('refuses a delivery.json with a mistake, with its line', async () => {
  const file = join(folder, 'delivery.json')
  const wrong = example()
  Object.assign(wrong.environments['dev'] ?? {}, { network: { nat: 'none' } })
  writeFileSync(file, JSON.stringify(wrong, null, 2))
  const env = { ...process.env, DELIVERY: file }
  const failed = await run(process.execPath, [join(root, 'infra', 'app.ts')], { cwd: folder, env }).catch((error) => error)
  expect(failed.code).toBe(1)
  expect(failed.stderr).toMatch(/delivery\.json:\d+:\d+: environments\.dev\.network has no way out/)
  expect(failed.stderr).not.toContain('    at ')
})
