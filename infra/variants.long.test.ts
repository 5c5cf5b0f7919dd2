import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { installCfnLint } from '../scripts/cfn-lint.ts'
import { ambiguousNames, doors, literalImages, noLaterThanTheirCluster, untagged } from './properties.case.ts'
import { type SynthesisedStack, synthesise } from './templates.case.ts'
import { VARIANTS } from './variants.case.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'infra-variants-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Texts of templates that cfn-lint has seen: most of them are the same in other variants. */
const judged = new Set<string>()

describe.each(Object.entries(VARIANTS))('%s', (name, configuration) => {
  let stacks: SynthesisedStack[] = []

  it('is a valid delivery.json, and nothing in its templates is left unexplained', () => {
    parseConfiguration(JSON.stringify(configuration()))
    stacks = synthesise(configuration())
    expect(untagged(stacks, ['slipway:environment', 'slipway:project'])).toEqual([])
    expect(ambiguousNames(stacks, configuration().project)).toEqual([])
    expect(literalImages(stacks).literal).toEqual([])
    expect(noLaterThanTheirCluster(stacks)).toEqual([])
    expect(
      doors(stacks).filter(({ ports, users }) => ports.some((port) => port !== 80 && port !== 443) || users.length === 0),
    ).toEqual([])
    expect(stacks.filter(({ asks }) => asks).map(({ name }) => name)).toEqual([])
  })

  it('is found right by cfn-lint', async () => {
    const cfnLint = await installCfnLint(console.log)
    expect(stacks.length).toBeGreaterThan(5)
    const fresh = stacks.filter(({ text, region }) => !judged.has(`${region} ${text}`))
    for (const [region, here] of Map.groupBy(fresh, (stack) => stack.region)) {
      const files = here.map(({ name: stack, text }) => {
        judged.add(`${region} ${text}`)
        const file = join(folder, `${name.replaceAll(/\W+/g, '-')}-${stack}.json`)
        writeFileSync(file, text)
        return file
      })
      await run(cfnLint, ['--regions', region, '--', ...files])
    }
  })
})

it('is synthesised by the command in a clone without credentials, in a namespace without a network', async () => {
  const clone = join(folder, 'clone')
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const { NODE_OPTIONS: _, ...env } = process.env
  await run('unshare', ['--map-root-user', '--net', 'npm', 'run', 'synth'], { cwd: clone, env: { ...env, HOME: folder } })
  const made = readdirSync(join(clone, 'build', 'cdk.out')).filter((name) => name.endsWith('.template.json'))
  expect(made.length).toBeGreaterThan(20)
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
