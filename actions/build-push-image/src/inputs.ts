import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ImageDeclaration, repositoryPath } from '../../../lib/delivery/tag.ts'
import { type ImageReference, parseImage } from '../../../lib/image.ts'
import {
  accountId,
  awsRegion,
  duration,
  flag,
  keyValues,
  lines,
  matching,
  oneOf,
  optional,
  type Parser,
  refuse,
  required,
  roleArn,
} from '../../../lib/runner/inputs.ts'
import { contextName } from './buildx.ts'

export type BuildSecret = { id: string; env: string } | { id: string; file: string }

export type Inputs = {
  image: ImageDeclaration
  commit: string
  repository: string
  /** Beside the content tag. */
  tag: string | undefined
  whenMissing: 'build' | 'fail'
  runsOn: 'container' | 'lambda'
  secrets: BuildSecret[]
  builder: string | undefined
  account: string
  region: string
  role: string | undefined
  /** Repository that is looked in when the image is missing. */
  source: ImageReference | undefined
  sourceRole: string | undefined
  /** Milliseconds. */
  requestTimeout: number
  dryRun: boolean
}

export type StepContext = { sha: string; workspace: string; env: Record<string, string | undefined> }

/** Reads every input once. Throws one line in the user's words; nothing has been asked of anybody yet. */
export const readInputs = ({ sha, workspace, env }: StepContext): Inputs => {
  const platforms = optional('platforms', platformList) ?? ['linux/amd64']
  const runsOn = optional('for', oneOf('container', 'lambda')) ?? 'container'
  if (runsOn === 'lambda' && platforms.length > 1) {
    throw new Error(
      `input 'platforms' must name one platform with 'for: lambda', which runs no index, got '${platforms.join(',')}'`,
    )
  }
  const inputs = {
    image: {
      context: required('context', path),
      dockerfile: optional('dockerfile', path),
      target: optional('target', STAGE),
      platforms,
      args: optional('build-args', buildArgs),
      inputs: optional('inputs', inputPaths),
    },
    commit: optional('commit', REVISION) ?? (sha || 'HEAD'),
    repository: required('repository', repositoryName),
    tag: optional('tag', furtherTag),
    whenMissing: optional('when-missing', oneOf('build', 'fail')) ?? 'build',
    runsOn,
    secrets: optional('build-secrets', buildSecrets(workspace, env)) ?? [],
    builder: optional('builder', BUILDER),
    account: required('aws-account-id', accountId),
    region: required('aws-region', awsRegion),
    role: optional('role-to-assume', roleArn),
    requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 30_000,
    dryRun: optional('dry-run', flag) ?? false,
  }
  return { ...inputs, ...readSource(inputs) }
}

const STAGE = matching(/^[\w][\w.-]*$/, 'the name of a stage, for example release')
const BUILDER = matching(/^[\w][\w.-]*$/, 'the name of a buildx builder')
const REVISION = matching(/^(?!.*\.\.)[\w][\w./-]*$/, 'a commit id, or the name of a branch or tag')

const path: Parser<string> = (text, name) => {
  try {
    return repositoryPath(text) || '.'
  } catch (cause) {
    throw new Error(`input '${name}': ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

const REPOSITORY = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/

const repositoryName: Parser<string> = (text, name) => {
  if (/^[^/]*\.[^/]*\//.test(text) && /\.dkr[.-]ecr/.test(text)) {
    throw new Error(`input '${name}' must be the name without the registry, for example shop/app, got '${text.slice(0, 200)}'`)
  }
  if (text.length < 2 || text.length > 256) throw new Error(`input '${name}' must have 2 to 256 characters, got ${text.length}`)
  return matching(REPOSITORY, "an ECR repository's name in lower case, for example shop/app")(text, name)
}

const readSource = (own: Pick<Inputs, 'account' | 'region' | 'repository'>): Pick<Inputs, 'source' | 'sourceRole'> => {
  const source = optional('source', imageSource)
  const sourceRole = optional('source-role-to-assume', roleArn)
  if (source?.account === own.account && source.region === own.region && source.name === own.repository) {
    throw new Error("input 'source' must be another repository than 'repository', which is looked in first")
  }
  if (sourceRole === undefined) return { source, sourceRole }
  if (source === undefined) throw new Error("input 'source-role-to-assume' needs 'source', the repository that the role may read")
  if (sourceRole.split(':')[4] === source.account) return { source, sourceRole }
  return refuse('source-role-to-assume', `a role of account ${source.account}, which owns 'source'`, sourceRole)
}

const imageSource: Parser<ImageReference> = (text, name) => {
  const parsed = parseImage(text)
  if (parsed !== undefined && parsed.tag === undefined && parsed.digest === undefined) return parsed
  return refuse(name, 'a repository in ECR, ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME without tag or digest', text)
}

const furtherTag: Parser<string> = (text, name) => {
  if (text.startsWith('src-'))
    throw new Error(`input '${name}' must not begin with src-, which marks content tags, got '${text}'`)
  return matching(/^\w[\w.-]{0,127}$/, "a tag of at most 128 letters, digits, '.', '_' and '-'")(text, name)
}

const platformList: Parser<string[]> = (text, name) => {
  const platform = matching(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'platforms like linux/amd64')
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))].map((each) => platform(each, name)).toSorted()
}

const RESERVED = ['VERSION', 'SOURCE_DATE_EPOCH']

const buildArgs: Parser<Record<string, string>> = (text, name) => {
  const args = keyValues('MODE=fast')(text, name)
  for (const key of Object.keys(args)) {
    matching(/^[A-Za-z_]\w*$/, 'lines NAME=value with names of letters, digits and underscores')(key, name)
    if (RESERVED.includes(key)) throw new Error(`input '${name}' must not set '${key}': this action gives it to every build`)
  }
  return args
}

const inputPaths: Parser<string[]> = (text, name) => {
  const paths = lines(text, name).map((line) => path(line, name))
  const names = paths.map((each) => contextName(each))
  for (const [index, context] of names.entries()) {
    if (!/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(context)) {
      throw new Error(
        `input '${name}' names '${paths[index]}', which cannot be a named context: letters, digits, '.', '_', '-' and '/' only`,
      )
    }
    if (names.indexOf(context) !== index) throw new Error(`input '${name}' gives '${context}' twice`)
  }
  return paths
}

/** What looks like a variable's name is one: a file in the workspace's root is written `./name`. */
const buildSecrets =
  (workspace: string, env: StepContext['env']): Parser<BuildSecret[]> =>
  (text, name) =>
    Object.entries(keyValues('npm=NPM_TOKEN')(text, name)).map(([id, value]) => {
      matching(/^[\w.-]+$/, 'lines id=NAME or id=path with ids of letters, digits, ".", "_" and "-"')(id, name)
      if (/^[A-Za-z_]\w*$/.test(value)) {
        if (!env[value])
          throw new Error(
            `input '${name}' names the environment variable '${value}', which this step does not have; give it with 'env:', or write a path for a file`,
          )
        return { id, env: value }
      }
      const file = resolve(workspace, value)
      if (!existsSync(file)) throw new Error(`input '${name}' names the file '${value}', which does not exist`)
      return { id, file }
    })
