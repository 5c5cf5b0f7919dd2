import { ECR } from '@aws-sdk/client-ecr'
import { IAM } from '@aws-sdk/client-iam'
import { SSM } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { rootKeys, startMiniStack } from './identity/ministack.ts'
import { type SetUpWorld, setUpWorld } from './setup-world.ts'

const configuration = example()
const { accounts, roles } = identity(configuration)
const prod = configuration.environments['prod']?.account ?? ''
const registry = configuration.registry.account

let miniStack: Awaited<ReturnType<typeof startMiniStack>>
let world: SetUpWorld
beforeAll(async () => {
  miniStack = await startMiniStack()
  world = await setUpWorld(configuration)
  await miniStack.seed(accounts, roles)
})
afterAll(() => Promise.all([miniStack.close(), world.close()]))

const at = (account: string) => ({ region: 'eu-west-1', endpoint: miniStack.url, credentials: rootKeys(account) })

/** Without the place, and without the lines of the accounts that these credentials do not reach. */
const examine = async (account: string) => {
  const { accessKeyId, secretAccessKey } = rootKeys(account)
  const env = { AWS_ENDPOINT_URL: miniStack.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const { out, err } = await world.run('doctor', ['--only', 'aws'], env)
  expect(err).toBe('')
  const [, section = ''] = out.split(`AWS ${account} `)
  return section.split('\n\n')[0] ?? ''
}

test('the roles as derived are found, and trusted by exactly what is derived', async () => {
  const section = await examine(prod)
  for (const purpose of ['deploy', 'infra', 'read', 'budget'])
    expect(section).toContain(`ok      the role shop-prod-${purpose} trusts what is derived for it`)
  expect(section).toContain("ok      GitHub's OIDC provider is there")
  expect(section).not.toMatch(/WRONG|UNSEEN/)
})

test('a trust policy that was changed by hand, and a role that is gone, are said', async () => {
  const iam = new IAM(at(prod))
  const loose = JSON.stringify(roles.find(({ name }) => name === 'shop-prod-deploy')?.trust).replace(
    'refs/heads/main',
    'refs/heads/dev',
  )
  await iam.updateAssumeRolePolicy({ RoleName: 'shop-prod-deploy', PolicyDocument: loose })
  await iam.deleteRole({ RoleName: 'shop-prod-budget' })
  const section = await examine(prod)
  expect(section).toMatch(
    /WRONG {3}the trust policy of shop-prod-deploy differs: .*:ref is refs\/heads\/dev; it should be refs\/heads\/main/,
  )
  expect(section).toMatch(/WRONG {3}the role shop-prod-budget is missing\n {10}mend: npm run account -- --profile NAME --yes/)
})

test('records and the registry are read', async () => {
  await new SSM(at(prod)).putParameter({ Name: '/shop/prod/release', Type: 'String', Value: 'by hand' })
  expect(await examine(prod)).toContain('WRONG   the parameter /shop/prod/release does not hold a release record')
  expect(await examine(registry)).toContain('WRONG   the repository shop/app is missing')
  await new ECR(at(registry)).createRepository({ repositoryName: 'shop/app', imageTagMutability: 'MUTABLE' })
  expect(await examine(registry)).toContain('WRONG   tags of the repository shop/app can be moved')
  await new ECR(at(registry)).putImageTagMutability({ repositoryName: 'shop/app', imageTagMutability: 'IMMUTABLE' })
  expect(await examine(registry)).toContain('ok      the repository shop/app is there, and its tags stay')
})
