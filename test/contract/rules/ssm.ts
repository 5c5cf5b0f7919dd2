import { type Rule, refusal } from '../rule.ts'
import { type Subject, unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/systems-manager/latest/userguide/${page}.html`

type More = { Type?: 'String' | 'SecureString'; Tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering' }

/** Parameters below a path that nothing else uses. */
const parameters = ({ ssm, afterwards }: Subject) => {
  const path = `/${unique('path')}`
  return {
    path,
    put: async (name: string, Value: string, more: More = {}) => {
      const Name = `${path}/${name}`
      const answer = await ssm.putParameter({ Name, Value, Type: 'String', Overwrite: true, ...more })
      if (answer.Version === 1) afterwards(() => ssm.deleteParameter({ Name }))
      return answer
    },
    below: async (Recursive: boolean): Promise<string[]> => {
      const { Parameters = [] } = await ssm.getParametersByPath({ Path: path, Recursive })
      return Parameters.map(({ Name = '' }) => Name.slice(path.length)).sort()
    },
  }
}

/** A parameter with the values `one`, `two` and `three`. */
const three = async (subject: Subject): Promise<string> => {
  const { path, put } = parameters(subject)
  for (const value of ['one', 'two', 'three']) await put('a', value)
  return `${path}/a`
}

const currentValue = async ({ ssm }: Subject, Name: string): Promise<string | undefined> =>
  (await ssm.getParameter({ Name })).Parameter?.Value

export const ssmRules: Rule[] = [
  {
    id: 'ssm.put.exists',
    source: api('PutParameter'),
    text: 'Without Overwrite an existing parameter is refused with ParameterAlreadyExists and keeps its value',
    async run(subject) {
      const { path, put } = parameters(subject)
      await put('a', 'one')
      const again = refusal(subject.ssm.putParameter({ Name: `${path}/a`, Value: 'two', Type: 'String' }))
      return [await again, await currentValue(subject, `${path}/a`)]
    },
    expected: ['ParameterAlreadyExists', 'one'],
  },
  {
    id: 'ssm.put.versions',
    source: api('PutParameter'),
    text: 'Every write answers with the next version, the first is 1, also when the value is the same',
    async run(subject) {
      const { put } = parameters(subject)
      const versions = []
      for (const value of ['one', 'two', 'two']) versions.push((await put('a', value)).Version)
      return versions
    },
    expected: [1, 2, 3],
  },
  {
    id: 'ssm.put.type-once',
    source: api('PutParameter'),
    text: 'An update need not say the type again',
    async run(subject) {
      const { path, put } = parameters(subject)
      await put('a', 'one', { Type: 'SecureString' })
      const { Version } = await subject.ssm.putParameter({ Name: `${path}/a`, Value: 'two', Overwrite: true })
      const { Parameter } = await subject.ssm.getParameter({ Name: `${path}/a`, WithDecryption: true })
      return [Version, Parameter?.Type, Parameter?.Value]
    },
    expected: [2, 'SecureString', 'two'],
  },
  {
    id: 'ssm.put.no-type',
    source: api('PutParameter'),
    text: 'A new parameter without a type is refused with ValidationException',
    run: ({ ssm }) => refusal(ssm.putParameter({ Name: `/${unique('untyped')}/a`, Value: 'one' })),
    expected: 'ValidationException',
  },
  {
    id: 'ssm.put.empty',
    source: api('PutParameter'),
    text: 'An empty value is refused with ValidationException',
    run: ({ ssm }) => refusal(ssm.putParameter({ Name: `/${unique('empty')}/a`, Value: '', Type: 'String' })),
    expected: 'ValidationException',
  },
  {
    id: 'ssm.put.relative-name',
    source: guide('sysman-paramstore-su-create'),
    text: 'A name with a slash that does not begin with one is refused with ValidationException',
    run: ({ ssm }) => refusal(ssm.putParameter({ Name: `${unique('relative')}/a`, Value: 'one', Type: 'String' })),
    expected: 'ValidationException',
  },
  {
    id: 'ssm.put.standard-size',
    source: guide('parameter-store-advanced-parameters'),
    text: 'A standard parameter holds 4096 bytes and refuses one more with ValidationException',
    async run(subject) {
      const { path, put } = parameters(subject)
      await put('a', 'x'.repeat(4096))
      return refusal(subject.ssm.putParameter({ Name: `${path}/b`, Value: 'x'.repeat(4097), Type: 'String' }))
    },
    expected: 'ValidationException',
  },
  {
    id: 'ssm.put.advanced-size',
    source: guide('parameter-store-advanced-parameters'),
    text: 'An advanced parameter holds 8192 bytes and refuses one more with ValidationException',
    async run(subject) {
      const { path, put } = parameters(subject)
      const { Tier } = await put('a', 'x'.repeat(8192), { Tier: 'Advanced' })
      const more = { Name: `${path}/b`, Value: 'x'.repeat(8193), Type: 'String', Tier: 'Advanced' } as const
      return [Tier, await refusal(subject.ssm.putParameter(more))]
    },
    expected: ['Advanced', 'ValidationException'],
  },
  {
    id: 'ssm.put.downgrade',
    source: guide('parameter-store-advanced-parameters'),
    text: 'An advanced parameter cannot become standard again: ValidationException',
    async run(subject) {
      const { path, put } = parameters(subject)
      await put('a', 'one', { Tier: 'Advanced' })
      const back = { Name: `${path}/a`, Value: 'two', Overwrite: true, Tier: 'Standard' } as const
      return refusal(subject.ssm.putParameter(back))
    },
    expected: 'ValidationException',
  },
  {
    id: 'ssm.put.intelligent-tiering',
    source: api('PutParameter'),
    text: 'Intelligent-Tiering makes a value above 4096 bytes an advanced parameter and a small one a standard one',
    async run(subject) {
      const { put } = parameters(subject)
      const small = await put('a', 'one', { Tier: 'Intelligent-Tiering' })
      const large = await put('b', 'x'.repeat(5000), { Tier: 'Intelligent-Tiering' })
      return [small.Tier, large.Tier]
    },
    expected: ['Standard', 'Advanced'],
  },
  {
    id: 'ssm.get.missing',
    source: api('GetParameter'),
    text: 'A missing parameter is ParameterNotFound',
    run: ({ ssm }) => refusal(ssm.getParameter({ Name: `/${unique('missing')}/a` })),
    expected: 'ParameterNotFound',
  },
  {
    id: 'ssm.get.latest',
    source: api('GetParameter'),
    text: 'A name alone gives the latest version, with its number, its time and its ARN',
    async run(subject) {
      const name = await three(subject)
      const { Value, Version, ARN, LastModifiedDate } = (await subject.ssm.getParameter({ Name: name })).Parameter ?? {}
      const arn = `arn:aws:ssm:${subject.region}:${subject.account}:parameter${name}`
      return [Value, Version, ARN === arn, LastModifiedDate instanceof Date]
    },
    expected: ['three', 3, true, true],
  },
  {
    id: 'ssm.get.selector',
    source: api('GetParameter'),
    text: 'NAME:VERSION gives that version, and the answer repeats the selector',
    async run(subject) {
      const { Parameter } = await subject.ssm.getParameter({ Name: `${await three(subject)}:2` })
      return [Parameter?.Value, Parameter?.Version, Parameter?.Selector]
    },
    expected: ['two', 2, ':2'],
  },
  {
    id: 'ssm.get.missing-version',
    source: api('GetParameter'),
    text: 'A version that does not exist is ParameterVersionNotFound',
    run: async (subject) => refusal(subject.ssm.getParameter({ Name: `${await three(subject)}:9` })),
    expected: 'ParameterVersionNotFound',
  },
  {
    id: 'ssm.get.secure-string',
    source: api('GetParameter'),
    text: 'A SecureString is shown in clear only with WithDecryption',
    async run(subject) {
      const { path, put } = parameters(subject)
      await put('a', 'canary', { Type: 'SecureString' })
      const decrypted = await subject.ssm.getParameter({ Name: `${path}/a`, WithDecryption: true })
      const closed = await currentValue(subject, `${path}/a`)
      return [decrypted.Parameter?.Value, closed?.includes('canary')]
    },
    expected: ['canary', false],
  },
]
