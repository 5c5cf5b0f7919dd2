import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { type Inputs, readInputs } from './inputs.ts'

afterEach(() => vi.unstubAllEnvs())

const GOOD = {
  context: 'services/api',
  repository: 'shop/app',
  'aws-account-id': '111111111111',
  'aws-region': 'eu-west-1',
}
const read = (given: Record<string, string>): Inputs => {
  for (const [name, value] of Object.entries({ ...GOOD, ...given })) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value)
  return readInputs({ sha: 'abc', workspace: import.meta.dirname, env: { NPM_TOKEN: 'x' } })
}

describe('good inputs', () => {
  it('need four values', () => {
    expect(read({})).toEqual({
      image: {
        context: 'services/api',
        dockerfile: undefined,
        target: undefined,
        platforms: ['linux/amd64'],
        args: undefined,
        inputs: undefined,
      },
      commit: 'abc',
      repository: 'shop/app',
      tag: undefined,
      whenMissing: 'build',
      runsOn: 'container',
      secrets: [],
      builder: undefined,
      account: '111111111111',
      region: 'eu-west-1',
      role: undefined,
      source: undefined,
      sourceRole: undefined,
      requestTimeout: 30_000,
      dryRun: false,
    })
  })

  it('may say everything', () => {
    const inputs = read({
      context: './',
      commit: 'feature/x',
      dockerfile: 'docker/Dockerfile',
      target: 'release',
      platforms: 'linux/arm64, linux/amd64\nlinux/amd64',
      'build-args': 'A=1\nB=x=y',
      inputs: 'libs/shared/\nCargo.lock',
      'build-secrets': 'npm=NPM_TOKEN\nkey=./inputs.ts',
      'when-missing': 'fail',
      tag: 'dev',
      builder: 'mine',
      'role-to-assume': 'arn:aws:iam::111111111111:role/shop-registry-build',
      source: '222222222222.dkr.ecr.us-east-1.amazonaws.com/shop/app',
      'source-role-to-assume': 'arn:aws:iam::222222222222:role/shop-registry-read',
      'request-timeout': '5s',
      'dry-run': 'true',
    })
    expect(inputs).toMatchObject({
      image: {
        context: '.',
        dockerfile: 'docker/Dockerfile',
        target: 'release',
        platforms: ['linux/amd64', 'linux/arm64'],
        args: { A: '1', B: 'x=y' },
        inputs: ['libs/shared', 'Cargo.lock'],
      },
      commit: 'feature/x',
      secrets: [
        { id: 'npm', env: 'NPM_TOKEN' },
        { id: 'key', file: `${import.meta.dirname}/inputs.ts` },
      ],
      whenMissing: 'fail',
      source: { account: '222222222222', region: 'us-east-1', name: 'shop/app' },
      sourceRole: 'arn:aws:iam::222222222222:role/shop-registry-read',
      requestTimeout: 5000,
      dryRun: true,
    })
  })
})

describe('bad inputs end in one line', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ context: '' }, /^input 'context' is required and was not given$/],
    [
      { context: '/app' },
      /^input 'context': a path must be given from the root of the repository, for example services\/api, got '\/app'$/,
    ],
    [{ context: '../app' }, /^input 'context': a path must be given from the root/],
    [{ context: 'a\\b' }, /^input 'context': a path/],
    [{ repository: '' }, /^input 'repository' is required and was not given$/],
    [
      { repository: 'Shop/App' },
      /^input 'repository' must be an ECR repository's name in lower case, for example shop\/app, got 'Shop\/App'$/,
    ],
    [
      { repository: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app' },
      /^input 'repository' must be the name without the registry/,
    ],
    [{ repository: 'shop/app:v1' }, /^input 'repository' must be an ECR repository's name/],
    [{ repository: 'x'.repeat(257) }, /^input 'repository' must have 2 to 256 characters, got 257$/],
    [{ repository: '/shop' }, /^input 'repository' must be/],
    [
      { commit: '--upload-pack=x' },
      /^input 'commit' must be a commit id, or the name of a branch or tag, got '--upload-pack=x'$/,
    ],
    [{ commit: 'main..dev' }, /^input 'commit' must be/],
    [{ commit: 'HEAD:secret' }, /^input 'commit' must be/],
    [{ dockerfile: '/Dockerfile' }, /^input 'dockerfile': a path/],
    [{ target: 'two words' }, /^input 'target' must be the name of a stage/],
    [{ platforms: 'arm64' }, /^input 'platforms' must be platforms like linux\/amd64, got 'arm64'$/],
    [{ platforms: 'linux/amd64;linux/arm64' }, /^input 'platforms' must be/],
    [{ platforms: 'linux/amd64,linux/arm64', for: 'lambda' }, /^input 'platforms' must name one platform with 'for: lambda'/],
    [{ 'build-args': 'A' }, /^input 'build-args' must be lines like MODE=fast, got 'A'$/],
    [{ 'build-args': 'A=1\nA=2' }, /^input 'build-args' gives 'A' twice$/],
    [{ 'build-args': 'VERSION=1' }, /^input 'build-args' must not set 'VERSION': this action gives it to every build$/],
    [{ 'build-args': 'SOURCE_DATE_EPOCH=1' }, /^input 'build-args' must not set 'SOURCE_DATE_EPOCH'/],
    [{ 'build-args': 'a-b=1' }, /^input 'build-args' must be lines NAME=value/],
    [{ inputs: '../lib' }, /^input 'inputs': a path/],
    [{ inputs: '.' }, /^input 'inputs' names '.', which cannot be a named context/],
    [{ inputs: 'a b' }, /^input 'inputs' names 'a b', which cannot be a named context/],
    [{ inputs: 'Lib\nlib' }, /^input 'inputs' gives 'lib' twice$/],
    [{ 'build-secrets': 'npm' }, /^input 'build-secrets' must be lines like npm=NPM_TOKEN, got 'npm'$/],
    [
      { 'build-secrets': 'npm=MISSING' },
      /^input 'build-secrets' names the environment variable 'MISSING', which this step does not have/,
    ],
    [{ 'build-secrets': 'npm=./missing' }, /^input 'build-secrets' names the file '.\/missing', which does not exist$/],
    [{ 'build-secrets': 'a,b=NPM_TOKEN' }, /^input 'build-secrets' must be lines id=NAME or id=path/],
    [{ 'when-missing': 'skip' }, /^input 'when-missing' must be one of build, fail, got 'skip'$/],
    [{ for: 'fargate' }, /^input 'for' must be one of container, lambda, got 'fargate'$/],
    [{ tag: 'src-1' }, /^input 'tag' must not begin with src-, which marks content tags, got 'src-1'$/],
    [{ tag: 'a/b' }, /^input 'tag' must be a tag of at most 128 letters/],
    [{ tag: 'x'.repeat(129) }, /^input 'tag' must be a tag/],
    [{ builder: '--help' }, /^input 'builder' must be the name of a buildx builder, got '--help'$/],
    [{ 'aws-account-id': '' }, /^input 'aws-account-id' is required and was not given$/],
    [{ 'aws-account-id': '1234' }, /^input 'aws-account-id' must be an AWS account id of 12 digits, got '1234'$/],
    [{ 'aws-region': 'Ireland' }, /^input 'aws-region' must be an AWS region, for example eu-west-1, got 'Ireland'$/],
    [{ 'role-to-assume': 'build' }, /^input 'role-to-assume' must be the ARN of an IAM role, got 'build'$/],
    [
      { source: 'shop/app' },
      /^input 'source' must be a repository in ECR, ACCOUNT.dkr.ecr.REGION.amazonaws.com\/NAME without tag or digest, got 'shop\/app'$/,
    ],
    [{ source: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/shop/app:dev' }, /^input 'source' must be a repository in ECR/],
    [{ source: 'docker.io/library/node' }, /^input 'source' must be a repository in ECR/],
    [
      { source: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app' },
      /^input 'source' must be another repository than 'repository'/,
    ],
    [
      { 'source-role-to-assume': 'arn:aws:iam::222222222222:role/read' },
      /^input 'source-role-to-assume' needs 'source', the repository that the role may read$/,
    ],
    [
      {
        source: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/shop/app',
        'source-role-to-assume': 'arn:aws:iam::333333333333:role/read',
      },
      /^input 'source-role-to-assume' must be a role of account 222222222222, which owns 'source', got 'arn/,
    ],
    [{ 'request-timeout': '30' }, /^input 'request-timeout' must be a duration from 1s to 5m with its unit/],
    [{ 'request-timeout': '1h' }, /^input 'request-timeout' must be a duration from 1s to 5m/],
    [{ 'dry-run': 'yes' }, /^input 'dry-run' must be true or false, got 'yes'$/],
  ])('%j', (given, message) => {
    const refuse = () => read(given)
    expect(refuse).toThrow(message)
    expect(refuse).toThrow(/^[^\n]+$/)
  })
})

describe('action.yml', () => {
  const source = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
  const action: { inputs: Record<string, { default?: string }>; outputs: object } = parse(source('../action.yml'))

  it('declares exactly the inputs that are read', () => {
    const names = [...source('inputs.ts').matchAll(/(?:required|optional)\('([\w-]+)'/g)].map(([, name]) => name)
    expect(names.toSorted()).toEqual(Object.keys(action.inputs).toSorted())
  })

  it('states defaults that mean the same as saying nothing', () => {
    const defaults = Object.entries(action.inputs).flatMap(([name, input]) => (input.default ? [[name, input.default]] : []))
    expect(read(Object.fromEntries(defaults))).toEqual(read({}))
  })

  it('declares exactly the outputs that are set', () => {
    const [, set = ''] = /setOutputs\(\{(.*?)\}\)/s.exec(source('main.ts')) ?? []
    const names = [...set.matchAll(/^\s+'?([\w-]+)'?:/gm)].map(([, name]) => name)
    expect(names.toSorted()).toEqual(Object.keys(action.outputs).toSorted())
  })
})
