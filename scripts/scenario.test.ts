import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Setting } from '../local/demo/setting.ts'
import { EXAMPLE_FILE } from '../test/example.ts'

const root = join(import.meta.dirname, '..')
const script = join(root, 'scripts/scenario.ts')

test('the configuration of the project becomes accounts, roles, a repository, and services', () => {
  const setting = JSON.parse(execFileSync(process.execPath, [script, EXAMPLE_FILE], { encoding: 'utf8' })) as Setting
  expect(setting.environments.map(({ name }) => name)).toEqual(['dev', 'staging', 'prod'])
  expect(setting.scenario.accounts).toEqual(
    expect.arrayContaining([setting.registry.account, ...setting.environments.map(({ account }) => account)]),
  )
  expect(setting.scenario.roles.map(({ arn }) => arn)).toContain(setting.build.role)
  expect(setting.scenario.repositories).toMatchObject([{ name: 'shop/app', tagMutability: 'IMMUTABLE', ...setting.registry }])
  const [api] = setting.environments[2]?.services ?? []
  expect(api).toMatchObject({
    cluster: 'shop-prod',
    service: 'api',
    container: 'api',
    family: 'shop-prod-api',
    count: 2,
    port: 8080,
  })
})

test('a configuration that is wrong is refused with its line, not with a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
  writeFileSync(join(folder, 'delivery.json'), '{ "project": 1 }')
  const { status, stderr } = spawnSync(process.execPath, [script, join(folder, 'delivery.json')], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect(status).toBe(1)
  expect(stderr).toContain('delivery.json:1:14: project must be')
  expect(stderr).not.toContain('    at ')
})
