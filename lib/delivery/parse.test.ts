import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configurations, example } from './configuration.case.ts'
import { checkConfiguration, parseConfiguration } from './parse.ts'

const print = (value: unknown): string => JSON.stringify(value, null, 2)

const problems = (text: string) => {
  const checked = checkConfiguration(text)
  return 'problems' in checked ? checked.problems : []
}

/** The example with one value put at a path of keys; `undefined` takes the key out. */
const changed = (path: string, value: unknown): string => {
  const document: unknown = structuredClone(example())
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const inner = keys.reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), document)
  if (!(inner instanceof Object)) throw new Error(`no ${path} in the example`)
  if (value === undefined) Reflect.deleteProperty(inner, last)
  else Reflect.set(inner, last, value)
  return print(document)
}

type Case = [path: string, value: unknown, message: RegExp, where?: string]

const cases: Case[] = [
  ['project', 'Shop', /must be lower-case letters .* got "Shop"/],
  ['project', 'a--b', /must be lower-case letters/],
  ['project', 7, /must be lower-case letters .* got 7/],
  ['project', undefined, /is required: lower-case letters/],
  ['project', 'aws-shop', /must not begin with "aws", which AWS keeps/],
  ['project', 'p'.repeat(60), /too long a name: the IAM role would be .* with 75 characters, AWS allows 64/],
  ['projects', 'x', /is not a known key; did you mean "project"\?/],
  ['zzz', 'x', /is not a known key; known keys: \$schema, project, repository/],
  ['repository', undefined, /is required: an object/],
  ['repository.owner', 'a/b', /must be the name of a GitHub user/],
  ['repository.ownerId', '1', /must be the number that GitHub gave it, for example 42, got "1"/],
  ['repository.id', 0, /must be the number that GitHub gave it/],
  ['repository.name', 'a b', /must be the name of a GitHub repository/],
  ['repository.subject', 'legacy', /must be one of immutable, name, got "legacy"/],
  ['registry.account', '1111', /must be 12 digits in quotes, for example "111111111111", got "1111"/],
  ['registry.account', 111111111111, /must be 12 digits in quotes.* got 111111111111$/],
  ['registry.region', 'europe', /must be an AWS region, for example "eu-west-1", got "europe"/],
  ['registry', [], /must be an object, got \[\]/],
  ['environments', {}, /must have at least one entry/],
  ['environments', [], /must be an object with a name for each entry/],
  [
    'environments.Prod',
    { branch: 'p', account: '222222222222', region: 'eu-west-1' },
    /has a name that must be lower-case .* got "Prod"/,
  ],
  [
    'environments.registry',
    { branch: 'r', account: '222222222222', region: 'eu-west-1' },
    /reserved name.*got "registry"; rename it/,
  ],
  ['environments.budget', { branch: 'r', account: '222222222222', region: 'eu-west-1' }, /reserved name/],
  ['environments.dev-infra', { branch: 'r', account: '222222222222', region: 'eu-west-1' }, /no environment may end in "-infra"/],
  ['environments.dev.account', '22222222222', /must be 12 digits/],
  ['environments.dev.account', undefined, /is required: 12 digits/],
  ['environments.dev.branch', 'feature/*', /must be the full name of one branch without wildcards/],
  ['environments.staging.branch', 'dev', /must not be the branch of dev too, got "dev"/],
  ['environments.staging.branch', 'DEV', /differs from the branch of dev only in upper and lower case/],
  [
    'environments.staging.promotesFrom',
    'dve',
    /must name an environment of this file \(one of dev, staging, prod\), got "dve"; did you mean "dev"\?/,
  ],
  ['environments.staging.promotesFrom', 'staging', /makes a circle: staging → staging/],
  ['environments.dev.promotesFrom', 'prod', /makes a circle: dev → prod → staging → dev/],
  ['environments.dev.soak', '30m', /has no meaning without promotesFrom/],
  ['environments.prod.soak', '30', /must be a duration from 1s to 30d with its unit/],
  ['environments.prod.soak', '31d', /must be a duration from 1s to 30d/],
  ['environments.prod.window.days', [], /must be a list of 1 to 7 entries without repetition/],
  ['environments.prod.window.days', ['mon', 'mon'], /without repetition/],
  ['environments.prod.window.days', ['monday'], /must be one of mon, tue, wed/, 'environments.prod.window.days[0]'],
  ['environments.prod.window.from', '8:00', /must be a time of day/],
  ['environments.prod.window.to', '07:00', /must be a window whose from is before its to/, 'environments.prod.window'],
  ['environments.prod.window.timezone', 'Europe/Zürich', /must be a time zone of the IANA database/],
  [
    'environments.prod.freeze',
    [{ from: '2026-02-30', to: '2027-01-03', reason: 'x' }],
    /must be a date/,
    'environments.prod.freeze[0].from',
  ],
  [
    'environments.prod.freeze',
    [{ from: '2027-02-01', to: '2027-01-03', reason: 'x' }],
    /from is not after its to/,
    'environments.prod.freeze[0]',
  ],
  ['environments.prod.reviewers', ['@octocat'], /must be a GitHub user, or a team/, 'environments.prod.reviewers[0]'],
  ['environments.prod.reviewers', ['a', 'b', 'c', 'd', 'e', 'f', 'g'], /a list of 1 to 6 entries/],
  ['environments.prod.domain', 'https://example.org', /must be a domain name in lower case/],
  ['environments.dev.budgets', [{ limit: 0 }], /must be an amount above 0/, 'environments.dev.budgets[0].limit'],
  [
    'environments.dev.budgets',
    [{ limit: '100' }],
    /must be an amount above 0, for example 100, got "100"/,
    'environments.dev.budgets[0].limit',
  ],
  [
    'environments.dev.budgets',
    [{ limit: 1, currency: 'usd' }],
    /must be a currency of three capitals/,
    'environments.dev.budgets[0].currency',
  ],
  [
    'environments.dev.budgets',
    [{ limit: 1, treshold: 80 }],
    /is not a known key; known keys: limit, currency/,
    'environments.dev.budgets[0].treshold',
  ],
  ['images', {}, /must have at least one entry/],
  ['images.app.context', '../app', /must be a path from the root of the repository without '\.\.'/],
  ['images.app.context', '/app', /must be a path from the root/],
  ['images.app.platforms', ['linux/386'], /must be one of linux\/amd64, linux\/arm64/, 'images.app.platforms[0]'],
  ['images.app.args', { VERSION: 24 }, /must be text in quotes, got 24/, 'images.app.args.VERSION'],
  ['images.app.dockerFile', 'x', /is not a known key; did you mean "dockerfile"\?/],
  ['services', {}, /must have at least one entry/],
  [
    'services.release',
    example().services['edge'],
    /reserved name: no service may be called release, hold, lock, outputs, infra, got "release"/,
  ],
  ['services.lock', example().services['edge'], /reserved name/],
  ['services.my_api', example().services['edge'], /has a name that must be lower-case/],
  ['services.api.image', 'ap', /must name an image of this file \(one of app\), got "ap"; did you mean "app"\?/],
  ['services.api.image', 'constructor', /must name an image of this file/],
  ['services.api.image', undefined, /is required: lower-case letters/],
  ['services.api.target', 'eks', /must be one of ecs, lambda, ec2, got "eks"/],
  ['services.api.target', undefined, /is required: one of ecs, lambda, ec2/],
  ['services.api', 'app', /must be an object, got "app"/],
  ['services.api.port', 0, /must be a whole number from 1 to 65535, got 0/],
  ['services.api.port', 65536, /must be a whole number from 1 to 65535/],
  ['services.api.port', '8080', /must be a whole number .* got "8080"/],
  ['services.api.port', undefined, /needs a port to ask: add 'port', or remove 'health'/, 'services.api.health'],
  ['services.api.health', 'healthz', /must be a path, for example "\/healthz"/],
  ['services.api.preDeploy', 'node migrate.js', /must be a list of words, for example \["node", "dist\/migrate.js"\]/],
  ['services.api.preDeploy', [], /must be a list of words/],
  ['services.api.count', -1, /must be a whole number from 0 to 5000/],
  ['services.api.count', 1.5, /must be a whole number/],
  ['services.api.cpu', 300, /makes a size that Fargate does not have: cpu must be one of 256, 512/],
  ['services.api.memory', 700, /with cpu 256 memory must be one of 512, 1024, 2048/],
  [
    'services.api.in',
    { prod: { cpu: 1024 } },
    /with cpu 1024 memory must be 2048 to 8192 in steps of 1024/,
    'services.api.in.prod.cpu',
  ],
  [
    'services.api.in',
    { prd: { count: 1 } },
    /must name an environment of this file .* did you mean "prod"\?/,
    'services.api.in.prd',
  ],
  [
    'services.api.in',
    { prod: { image: 'app' } },
    /cannot differ between environments; known keys: variables/,
    'services.api.in.prod.image',
  ],
  [
    'services.api.variables',
    { 'LOG-LEVEL': 'x' },
    /must be the name of an environment variable/,
    'services.api.variables.LOG-LEVEL',
  ],
  ['services.api.variables', { DEBUG: true }, /must be text in quotes, got true/, 'services.api.variables.DEBUG'],
  [
    'services.api.variables',
    { DATABASE_URL: 'x' },
    /gives DATABASE_URL as a variable and as a secret/,
    'services.api.variables.DATABASE_URL',
  ],
  ['services.api.secrets', ['LOG_LEVEL'], /gives LOG_LEVEL as a variable and as a secret/, 'services.api.variables.LOG_LEVEL'],
  ['services.api.stopTimeout', '200s', /must be a duration from 2s to 120s/],
  ['services.api.url', 'api.example.org', /must be an address, for example "https:\/\/api.example.org"/],
  ['services.api.functions', {}, /is a key of services with the target lambda only; known keys: target/],
  ['services.api.names', { clutser: 'x' }, /is not a known key; did you mean "cluster"\?/, 'services.api.names.clutser'],
  ['services.events.preDeploy', ['x'], /is a key of services with the target ecs or ec2 only/],
  [
    'services.events.dependsOn',
    ['apii'],
    /must name a service of this file .* did you mean "api"\?/,
    'services.events.dependsOn[0]',
  ],
  ['services.events.dependsOn', ['events'], /makes a circle: events → events/],
  ['services.api.dependsOn', ['events'], /makes a circle: api → events → api/],
  ['services.events.schedule', 'every day', /must be a rate or cron expression of EventBridge/],
  ['services.events.functions', { a: {}, b: {}, Bad: {} }, /has a name that must be lower-case/, 'services.events.functions.Bad'],
  ['services.edge.names', { tag: { key: 'aws:x', value: 'y' } }, /must be the key of a tag/, 'services.edge.names.tag.key'],
  [
    'services.a-service-with-a-very-long-name',
    { ...example().services['api'], secrets: undefined },
    /the target group in staging would be .* AWS allows 32/,
  ],
]

describe('a configuration with one mistake', () => {
  it.each(cases)('%s = %j', (path, value, message, where = path) => {
    const found = problems(changed(path, value))
    const texts = found.map((problem) => `${problem.path} ${problem.message}`)
    expect(found.map((problem) => problem.path)).toContain(where)
    expect(
      texts.some((text) => text.startsWith(where) && message.test(text)),
      texts.join('\n'),
    ).toBe(true)
  })

  it('is reported once, and nothing else is', () => {
    const single = cases.filter(([path]) => !/^(environments|images|services|registry|repository)$/.test(path))
    const many = single
      .filter(([path, value]) => problems(changed(path, value)).length > 1)
      .map(([path, value]) => `${path} = ${JSON.stringify(value)}`)
    expect(many).toEqual([])
  })
})

describe('the text of a configuration', () => {
  it.each([
    ['', '1:1', /the file is empty/],
    ['project: shop', '1:1', /unexpected "p"/],
    ['{ "project": "shop", }', '1:22', /unexpected "}" after a comma: remove the comma/],
    ['{\n  // note\n}', '2:3', /JSON has no comments; remove it/],
    ["{ 'project': 1 }", '1:3', /double quotes only/],
    ['{ "project": "shop"', '1:20', /a bracket or a quote is not closed/],
    ['{ "project": "shop"\n"images": {} }', '2:1', /missing comma/],
    ['{} {}', '1:4', /unexpected "\{"/],
    ['{ "project": shop }', '1:14', /unexpected "s"/],
  ])('%j is refused at %s', (text, where, message) => {
    const [problem, ...more] = problems(text)
    expect(`${problem?.line}:${problem?.column}`).toBe(where)
    expect(problem?.message).toMatch(/^is not valid JSON: /)
    expect(problem?.message).toMatch(message)
    expect(more).toEqual([])
  })

  it.each(['[]', '"shop"', 'null', '7'])('%s is no object', (text) => {
    expect(problems(text)[0]?.message).toBe(`must be an object, got ${text}`)
  })

  it('may give no name twice', () => {
    const text = print(example()).replace('"project": "shop"', '"project": "shop",\n  "project": "shop"')
    expect(problems(text)).toEqual([
      { line: 3, column: 3, path: 'project', message: expect.stringMatching(/^is there twice, first in line 2, and JSON would/) },
    ])
  })

  it('may be indented with tabs and begin with a byte order mark', () => {
    expect(problems(`\uFEFF${JSON.stringify(example(), null, '\t')}`)).toEqual([])
  })

  it('is refused with the place, the path, the value and the remedy of every mistake at once', () => {
    const text = print(example())
      .replace('"222222222222"', '222222222222')
      .replace('"port": 8080', '"port": 80800')
      .replace('"image": "app"', '"image": "ap"')
    expect(() => parseConfiguration(text, 'conf/delivery.json')).toThrow(
      [
        'conf/delivery.json:17:18: environments.dev.account must be 12 digits in quotes, for example "111111111111", got 222222222222',
        'conf/delivery.json:67:16: services.api.image must name an image of this file (one of app), got "ap"; did you mean "app"?',
        'conf/delivery.json:69:15: services.api.port must be a whole number from 1 to 65535, got 80800',
      ].join('\n'),
    )
  })
})

describe('a valid configuration', () => {
  it('is the one of this repository, and the example', () => {
    expect(problems(readFileSync(join(import.meta.dirname, '../../delivery.json'), 'utf8'))).toEqual([])
    expect(problems(print(example()))).toEqual([])
  })

  it('is what it says: reading what was printed gives the same value', () => {
    fc.assert(
      fc.property(configurations, (configuration) => {
        const checked = checkConfiguration(print(configuration))
        if ('problems' in checked) {
          for (const { message } of checked.problems) expect(message).toMatch(/would share the|too long a/)
        } else expect(checked.configuration).toEqual(configuration)
      }),
    )
  })
})
