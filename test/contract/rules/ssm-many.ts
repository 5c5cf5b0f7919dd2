import { type Rule, refusal } from '../rule.ts'
import { type Subject, unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/systems-manager/latest/userguide/${page}.html`

/** Writes values to names below a path of their own, in this order. */
const written = async ({ ssm, afterwards }: Subject, values: [name: string, value: string][]): Promise<string> => {
  const path = `/${unique('path')}`
  for (const [name, Value] of values) {
    const Name = `${path}/${name}`
    const { Version } = await ssm.putParameter({ Name, Value, Type: 'String', Overwrite: true })
    if (Version === 1) afterwards(() => ssm.deleteParameter({ Name }))
  }
  return path
}

const versions: [string, string][] = [
  ['a', 'one'],
  ['a', 'two'],
  ['a', 'three'],
]

const tree: [string, string][] = [
  ['a', '1'],
  ['b', '2'],
  ['b/c', '3'],
  ['b/c/d', '4'],
]

const below = async ({ ssm }: Subject, Path: string, Recursive: boolean): Promise<string[]> => {
  const { Parameters = [] } = await ssm.getParametersByPath({ Path, Recursive })
  return Parameters.map(({ Name = '' }) => Name.slice(Path.length)).sort()
}

export const ssmManyRules: Rule[] = [
  {
    id: 'ssm.get-many.invalid',
    source: api('GetParameters'),
    text: 'GetParameters answers with what it finds and names the rest in InvalidParameters, without an error',
    async run(subject) {
      const path = await written(subject, [['a', 'one']])
      const { Parameters, InvalidParameters } = await subject.ssm.getParameters({ Names: [`${path}/a`, `${path}/b`] })
      return [Parameters?.map(({ Value }) => Value), InvalidParameters?.map((name) => name.slice(path.length))]
    },
    expected: [['one'], ['/b']],
  },
  {
    id: 'ssm.get-many.limit',
    source: api('GetParameters'),
    text: 'GetParameters takes 10 names; 11 are a ValidationException',
    run: ({ ssm }) => refusal(ssm.getParameters({ Names: Array.from({ length: 11 }, (_, index) => `/none/${index}`) })),
    expected: 'ValidationException',
  },
  {
    id: 'ssm.history.order',
    source: api('GetParameterHistory'),
    text: 'The history has every version, the oldest first, with its value',
    async run(subject) {
      const path = await written(subject, versions)
      const { Parameters } = await subject.ssm.getParameterHistory({ Name: `${path}/a` })
      return Parameters?.map(({ Version, Value }) => [Version, Value])
    },
    expected: [
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ],
  },
  {
    id: 'ssm.history.pages',
    source: api('GetParameterHistory'),
    text: 'MaxResults divides the history into pages, and the last has no NextToken',
    async run(subject) {
      const Name = `${await written(subject, versions)}/a`
      const first = await subject.ssm.getParameterHistory({ Name, MaxResults: 2 })
      const second = await subject.ssm.getParameterHistory({ Name, MaxResults: 2, NextToken: first.NextToken })
      return [first.Parameters?.map(({ Version }) => Version), second.Parameters?.map(({ Version }) => Version), second.NextToken]
    },
    expected: [[1, 2], [3], null],
  },
  {
    id: 'ssm.history.writer',
    source: api('ParameterHistory'),
    text: 'Every version names who wrote it',
    async run(subject) {
      const { Arn } = await subject.sts.getCallerIdentity({})
      const { Parameters } = await subject.ssm.getParameterHistory({ Name: `${await written(subject, versions)}/a` })
      return Parameters?.map(({ LastModifiedUser }) => LastModifiedUser === Arn)
    },
    expected: [true, true, true],
  },
  {
    id: 'ssm.history.missing',
    source: api('GetParameterHistory'),
    text: 'The history of a missing parameter is ParameterNotFound',
    run: ({ ssm }) => refusal(ssm.getParameterHistory({ Name: `/${unique('missing')}/a` })),
    expected: 'ParameterNotFound',
  },
  {
    id: 'ssm.history.hundred',
    source: guide('sysman-paramstore-versions'),
    text: 'A hundred versions are kept: with the 101st the oldest is gone, and the numbers go on',
    async run(subject) {
      const Name = `${await written(
        subject,
        Array.from({ length: 101 }, (_, index) => ['a', `${index + 1}`]),
      )}/a`
      const first = await refusal(subject.ssm.getParameter({ Name: `${Name}:1` }))
      const { Parameters } = await subject.ssm.getParameterHistory({ Name, MaxResults: 50 })
      return [first, Parameters?.[0]?.Version, (await subject.ssm.getParameter({ Name })).Parameter?.Version]
    },
    expected: ['ParameterVersionNotFound', 2, 101],
  },
  {
    id: 'ssm.path.one-level',
    source: api('GetParametersByPath'),
    text: 'Without Recursive a path gives its own level only, and not itself',
    async run(subject) {
      const path = await written(subject, tree)
      return [await below(subject, path, false), await below(subject, `${path}/b`, false)]
    },
    expected: [['/a', '/b'], ['/c']],
  },
  {
    id: 'ssm.path.recursive',
    source: api('GetParametersByPath'),
    text: 'Recursive gives all levels below the path',
    run: async (subject) => below(subject, await written(subject, tree), true),
    expected: ['/a', '/b', '/b/c', '/b/c/d'],
  },
  {
    id: 'ssm.path.segments',
    source: api('GetParametersByPath'),
    text: 'A path ends at a slash: /x does not give /xy/a',
    async run(subject) {
      const path = await written(subject, [
        ['x/a', '1'],
        ['xy/a', '2'],
      ])
      return below(subject, `${path}/x`, true)
    },
    expected: ['/a'],
  },
  {
    id: 'ssm.path.empty',
    source: api('GetParametersByPath'),
    text: 'A path without parameters gives an empty list',
    run: (subject) => below(subject, `/${unique('nothing')}`, true),
    expected: [],
  },
  {
    id: 'ssm.path.page-size',
    source: api('GetParametersByPath'),
    text: 'MaxResults above 10 is a ValidationException',
    run: ({ ssm }) => refusal(ssm.getParametersByPath({ Path: '/none', MaxResults: 11 })),
    expected: 'ValidationException',
  },
  {
    id: 'ssm.path.pages',
    source: api('GetParametersByPath'),
    text: 'Pages of MaxResults together give every parameter once',
    async run(subject) {
      const Path = await written(subject, tree)
      const found: string[] = []
      let NextToken: string | undefined
      do {
        const page = await subject.ssm.getParametersByPath({ Path, Recursive: true, MaxResults: 3, NextToken })
        found.push(...(page.Parameters ?? []).map(({ Name = '' }) => Name.slice(Path.length)))
        NextToken = page.NextToken
      } while (NextToken)
      return found.sort()
    },
    expected: ['/a', '/b', '/b/c', '/b/c/d'],
  },
  {
    id: 'ssm.delete.missing',
    source: api('DeleteParameter'),
    text: 'Deleting a missing parameter is ParameterNotFound',
    run: ({ ssm }) => refusal(ssm.deleteParameter({ Name: `/${unique('missing')}/a` })),
    expected: 'ParameterNotFound',
  },
  {
    id: 'ssm.delete.versions',
    source: guide('sysman-paramstore-versions'),
    text: 'A deleted parameter takes its versions with it: made again it begins at version 1',
    async run(subject) {
      const Name = `${await written(subject, versions)}/a`
      await subject.ssm.deleteParameter({ Name })
      const missing = await refusal(subject.ssm.getParameter({ Name }))
      const { Version } = await subject.ssm.putParameter({ Name, Value: 'again', Type: 'String' })
      return [missing, Version, (await subject.ssm.getParameterHistory({ Name })).Parameters?.length]
    },
    expected: ['ParameterNotFound', 1, 1],
  },
]
