import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  paginateGetParameterHistory,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'

let cloud: Cloud
let ssm: SSMClient
const client = (account: string, at = region) =>
  new SSMClient({ endpoint: cloud.endpoint, region: at, maxAttempts: 1, credentials: cloud.adminKey(account) })
beforeAll(async () => {
  cloud = await startCloud({ scenario })
  ssm = client(devAccount)
})
afterAll(() => cloud.close())

const put = (Name: string, Value: string, rest: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...rest }))
const get = (Name: string, WithDecryption = false) => ssm.send(new GetParameterCommand({ Name, WithDecryption }))

test('every write is the next version, and an older one can still be read', async () => {
  expect(await put('/v/a', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' })
  await expect(put('/v/a', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' })
  expect((await put('/v/a', 'two', { Overwrite: true })).Version).toBe(2)
  expect((await get('/v/a')).Parameter).toMatchObject({
    Name: '/v/a',
    Value: 'two',
    Version: 2,
    Type: 'String',
    ARN: `arn:aws:ssm:${region}:${devAccount}:parameter/v/a`,
    LastModifiedDate: expect.any(Date),
  })
  expect((await get('/v/a:1')).Parameter).toMatchObject({ Value: 'one', Version: 1, Selector: ':1' })
  await expect(get('/v/a:9')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' })
  await expect(get('/v/none')).rejects.toMatchObject({ name: 'ParameterNotFound' })
})

test('belongs to one account in one region', async () => {
  await put('/own', 'x')
  const read = new GetParameterCommand({ Name: '/own' })
  await expect(client(registryAccount).send(read)).rejects.toMatchObject({ name: 'ParameterNotFound' })
  await expect(client(devAccount, 'us-east-1').send(read)).rejects.toMatchObject({ name: 'ParameterNotFound' })
})

test('holds 4 KB, or 8 KB in the advanced tier, and never goes back', async () => {
  await put('/size', 'x'.repeat(4096))
  await expect(put('/size', 'x'.repeat(4097), { Overwrite: true })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('maximum parameter value of 4096 characters'),
  })
  expect(await put('/size', 'x'.repeat(8192), { Overwrite: true, Tier: 'Advanced' })).toMatchObject({
    Version: 2,
    Tier: 'Advanced',
  })
  await expect(put('/size', 'x'.repeat(8193), { Overwrite: true })).rejects.toThrow('8192')
  await expect(put('/size', 'x', { Overwrite: true, Tier: 'Standard' })).rejects.toThrow('downgrade')
  expect(await put('/clever', 'x'.repeat(5000), { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' })
})

test('a SecureString shows its value only when decryption is asked for', async () => {
  await put('/secret', 'plain', { Type: 'SecureString' })
  expect((await get('/secret')).Parameter?.Value).not.toContain('plain')
  expect((await get('/secret', true)).Parameter).toMatchObject({ Value: 'plain', Type: 'SecureString' })
})

test('GetParameters lists the names that do not exist', async () => {
  await put('/many/a', '1')
  const { Parameters, InvalidParameters } = await ssm.send(new GetParametersCommand({ Names: ['/many/a', '/many/b'] }))
  expect([Parameters?.map(({ Name }) => Name), InvalidParameters]).toEqual([['/many/a'], ['/many/b']])
})

test('GetParametersByPath pages, and goes below only when told', async () => {
  for (let index = 10; index < 22; index += 1) await put(`/path/p${index}`, 'x')
  await put('/path/deep/er', 'x')
  await put('/pathology', 'x')
  const input = { Path: '/path' }
  const first = await ssm.send(new GetParametersByPathCommand(input))
  const second = await ssm.send(new GetParametersByPathCommand({ ...input, NextToken: first.NextToken }))
  expect([first.Parameters?.length, second.Parameters?.length, second.NextToken]).toEqual([10, 2, undefined])
  const deep = await ssm.send(new GetParametersByPathCommand({ ...input, Recursive: true, MaxResults: 1 }))
  expect(deep.Parameters?.[0]?.Name).toBe('/path/deep/er')
  await expect(ssm.send(new GetParametersByPathCommand({ ...input, MaxResults: 11 }))).rejects.toMatchObject({
    name: 'ValidationException',
  })
})

test('the history keeps 100 versions, oldest first, in pages of 50', async () => {
  for (let version = 1; version <= 103; version += 1) await put('/history', `v${version}`, { Overwrite: true })
  const pages = []
  for await (const { Parameters = [] } of paginateGetParameterHistory({ client: ssm }, { Name: '/history' }))
    pages.push(Parameters)
  expect(pages.map((entries) => [entries.length, entries[0]?.Version, entries.at(-1)?.Value])).toEqual([
    [50, 4, 'v53'],
    [50, 54, 'v103'],
  ])
  expect(pages[0]?.[0]).toMatchObject({ LastModifiedUser: `arn:aws:iam::${devAccount}:root`, Tier: 'Standard', Labels: [] })
  await expect(ssm.send(new GetParameterHistoryCommand({ Name: '/history', MaxResults: 51 }))).rejects.toMatchObject({
    name: 'ValidationException',
  })
})

test('a deleted parameter starts anew at version 1', async () => {
  await put('/gone', '1')
  await put('/gone', '2', { Overwrite: true })
  await ssm.send(new DeleteParameterCommand({ Name: '/gone' }))
  await expect(get('/gone')).rejects.toMatchObject({ name: 'ParameterNotFound' })
  await expect(ssm.send(new DeleteParameterCommand({ Name: '/gone' }))).rejects.toMatchObject({ name: 'ParameterNotFound' })
  expect((await put('/gone', '3')).Version).toBe(1)
})

test.each([
  ['/x', '', {}, 'ValidationException'],
  ['with space', 'v', {}, 'ValidationException'],
  ['no/leading', 'v', {}, 'ValidationException'],
  ['/untyped', 'v', { Type: undefined }, 'ValidationException'],
])('refuses %s = "%s" %o', async (name, value, rest, error) => {
  await expect(put(name, value, rest)).rejects.toMatchObject({ name: error })
})
