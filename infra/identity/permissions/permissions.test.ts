import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { identity } from '../../../lib/delivery/identity.ts'
import { executionBoundary, executionPolicies } from './execution.ts'
import { permissionsOf } from './permissions.ts'
import { checkManagedSize, checkSizes } from './size.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/set-up.md'), 'utf8')

const text = (configuration: Configuration, environment: string, purpose: 'deploy' | 'infra' | 'read'): string =>
  JSON.stringify(permissionsOf(configuration, { environment, purpose }))

describe('permissions', () => {
  it('never reach an account or an environment that is not the role’s own', () => {
    for (const { purpose, environment, account } of identity(example()).roles) {
      const accounts = new Set(JSON.stringify(permissionsOf(example(), { environment, purpose })).match(/\d{12}/g))
      accounts.delete('111111111111')
      expect([...accounts]).toEqual(account === '111111111111' ? [] : [account])
    }
  })

  it('of infrastructure write the lease, what stands of it, and no other record', () => {
    const { Statement } = permissionsOf(example(), { environment: 'dev', purpose: 'infra' })
    const written = Statement.filter(({ Action }) => Action.some((action) => /^ssm:(Put|Delete|Label)/.test(action)))
    expect(written).toEqual([
      {
        Sid: 'LeaseAndWhatStands',
        Effect: 'Allow',
        Action: ['ssm:PutParameter'],
        Resource: ['lock', 'infra'].map((name) => `arn:aws:ssm:eu-west-1:222222222222:parameter/shop/dev/${name}`),
      },
    ])
    expect(text(example(), 'dev', 'deploy')).not.toContain('parameter/shop/dev/infra')
    expect(text(example(), 'dev', 'read')).toContain('parameter/shop/dev/infra')
  })

  it('of CloudFormation write no record at all, and no role that delivers', () => {
    const allowed = executionPolicies(example(), 'dev').flatMap(({ document }) => document.Statement)
    const writes = allowed.filter(({ Action }) => Action.includes('ssm:PutParameter'))
    expect(writes.flatMap((statement) => ('Resource' in statement ? statement.Resource : []))).toEqual([
      'arn:aws:ssm:eu-west-1:222222222222:parameter/shop/dev/outputs/*',
    ])
    const { document } = executionBoundary(example(), 'dev', ['shop-dev-deploy', 'shop-dev-infra'])
    expect(document.Statement).toContainEqual({
      Sid: 'NotItself',
      Effect: 'Deny',
      Action: ['iam:*'],
      Resource: expect.arrayContaining([
        'arn:aws:iam::222222222222:role/shop-dev-deploy',
        'arn:aws:iam::222222222222:role/shop-dev-cloudformation',
        'arn:aws:iam::222222222222:policy/*',
      ]),
    })
    checkManagedSize('x', document)
  })

  it('are those that the set-up page lists', () => {
    const configuration = example()
    for (const environment of Object.values(configuration.environments)) environment.slack = '/shop/slack'
    const listed = new Map<string, Set<string>>()
    let role = ''
    for (const [, name, actions = ''] of page.matchAll(/^\| (?:`PROJECT-([\w-]+)`)? ?\|[^|]*\|([^|]*)\|/gm)) {
      role = name ?? role
      const more = [...actions.matchAll(/`([a-z0-9]+:[\w*]+)`/g)].map(([, action]) => action ?? '')
      listed.set(role, new Set([...(listed.get(role) ?? []), ...more]))
    }
    for (const { purpose, environment } of identity(configuration).roles) {
      const { Statement } = permissionsOf(configuration, { purpose, environment })
      const granted = new Set(Statement.flatMap(({ Action }) => Action))
      const row = `${environment === 'registry' ? 'registry' : 'ENV'}-${purpose}`
      expect([...(listed.get(row) ?? [])].toSorted(), row).toEqual([...granted].toSorted())
    }
  })

  it('are only of targets that the environment has', () => {
    const { api } = example().services
    if (api === undefined) throw new Error('the example has changed')
    const alone = { ...example(), services: { api } }
    expect(text(alone, 'dev', 'deploy')).not.toMatch(/lambda:|SendCommand/)
    expect(text(example(), 'dev', 'deploy')).toMatch(/lambda:.*SendCommand/)
  })

  it('do not grow with services whose names are derived, so that one more needs no other role', () => {
    const { api } = example().services
    if (api === undefined) throw new Error('the example has changed')
    const many = { ...example(), services: { ...example().services, more: api, evenMore: api } }
    expect(text(many, 'dev', 'deploy')).toBe(text(example(), 'dev', 'deploy'))
  })

  it('name what exists already, and pass only the roles that it is said to have', () => {
    const configuration = example()
    const { api } = configuration.services
    if (api?.target !== 'ecs') throw new Error('the example has changed')
    configuration.services = { api: { ...api, names: { cluster: 'old', service: 'web', role: 'web-task' } } }
    const found = text(configuration, 'dev', 'deploy')
    expect(found).toContain('service/old/web"')
    expect(found).toContain('task-definition/web:*')
    expect(found).toContain('role/web-task"')
    expect(found).not.toContain('shop-dev-*')
  })

  it('that IAM would refuse for their length are refused before, with a remedy', () => {
    const long = { Version: '2012-10-17' as const, Statement: [] }
    const padded = Object.assign(long, { Id: 'x'.repeat(10_300) })
    expect(() => checkSizes('shop-dev-deploy', padded)).toThrow(
      /the permissions of shop-dev-deploy have \d+ characters, IAM takes 10240/,
    )
    expect(() => checkManagedSize('shop-dev-boundary', padded)).toThrow(/IAM takes 6144/)
  })
})
