import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.includes('/dist/') && existsSync(path))
const sources = files.filter((path) => path.endsWith('.ts') && !/\.(test|case)\.ts$/.test(path))
const product = sources.filter((path) => /^(actions|lib)\//.test(path))
const read = (path: string): string => readFileSync(path, 'utf8')

/** `path:line` of every line that matches. */
const lines = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  )

test('no source file has more than 200 lines', () => {
  expect(sources.filter((path) => read(path).trimEnd().split('\n').length > 200)).toEqual([])
})

test('no file or folder has a name that holds anything', () => {
  expect(sources.filter((path) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.ts$)/.test(path))).toEqual([])
})

test('no action imports another', () => {
  const foreign = product.flatMap((path) => {
    const [, own] = /^actions\/([^/]+)\//.exec(path) ?? []
    const imported = [...read(path).matchAll(/from '(?:\.\.\/)+([a-z-]+)\/src\//g)].map(([, name]) => name)
    return own === undefined ? [] : imported.filter((name) => name !== own).map((name) => `${path} → ${name}`)
  })
  expect(foreign).toEqual([])
})

test('only main.ts and lib/runner touch the clock', () => {
  const others = product.filter((path) => !path.startsWith('lib/runner/') && !path.endsWith('/main.ts'))
  expect(lines(others, /Date\.now|new Date\(\)|performance\.now|(?<!\.)setTimeout\(|setInterval\(|timers\/promises/)).toEqual([])
})

test('AWS clients are loaded when they are needed: outside adapters only types are imported', () => {
  // Named after the service that they talk to, or in the folder of a target; reached by import().
  const adapters = /^(actions\/[^/]+\/src\/(targets\/|(ecr|ssm|sts)[^/]*\.ts$)|lib\/aws\/)/
  const eager = lines(
    product.filter((path) => !adapters.test(path)),
    /^import (?!type ).*from '@aws-sdk\//,
  )
  expect(eager).toEqual([])
})

test('only the session makes clients', () => {
  const makers = lines(
    product.filter((path) => !path.startsWith('lib/aws/')),
    /new (ECS|ECR|SSM|STS|Lambda|CloudWatchLogs|Budgets|CostExplorer)\w*Client\(/,
  )
  expect(makers).toEqual([])
})

test('no rule is silenced and no type is loosened', () => {
  const here = sources.filter((path) => path !== 'test/house.test.ts')
  expect(lines(here, /biome-ignore|@ts-ignore|@ts-expect-error|\bas any\b|: any\b/)).toEqual([])
})
