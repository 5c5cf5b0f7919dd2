import { type Rule, refusal } from '../rule.ts'
import { definition, register } from '../services.ts'
import { unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`

export const taskDefinitionRules: Rule[] = [
  {
    id: 'ecs.definition.revisions',
    source: api('RegisterTaskDefinition'),
    text: 'Every registration is the next revision of its family, the first is 1, and ACTIVE',
    async run(subject) {
      const family = unique('family')
      const seen = []
      for (const _ of [1, 2]) {
        const { taskDefinition } = await subject.ecs.registerTaskDefinition(definition(subject, family))
        seen.push([taskDefinition?.revision, taskDefinition?.taskDefinitionArn?.split(family)[1], taskDefinition?.status])
      }
      return seen
    },
    expected: [
      [1, ':1', 'ACTIVE'],
      [2, ':2', 'ACTIVE'],
    ],
  },
  {
    id: 'ecs.definition.not-again',
    source: guide('deregister-task-definition-v2'),
    text: 'The number of a deregistered revision is not given again',
    async run(subject) {
      const family = unique('family')
      await subject.ecs.deregisterTaskDefinition({ taskDefinition: await register(subject, family) })
      return (await register(subject, family)).split(family)[1]
    },
    expected: ':2',
  },
  {
    id: 'ecs.definition.defaults',
    source: api('TaskDefinition'),
    text: 'The answer adds what was not given: essential containers, compatibilities, who registered it and when',
    async run(subject) {
      const { taskDefinition } = await subject.ecs.registerTaskDefinition(definition(subject, unique('family')))
      const { containerDefinitions, compatibilities, registeredAt, registeredBy } = taskDefinition ?? {}
      const { Arn } = await subject.sts.getCallerIdentity({})
      const added = [registeredAt instanceof Date, registeredBy === Arn]
      return [
        containerDefinitions?.[0]?.essential,
        compatibilities?.filter((each) => /^(EC2|FARGATE)$/.test(each)).sort(),
        ...added,
      ]
    },
    expected: [true, ['EC2', 'FARGATE'], true, true],
  },
  {
    id: 'ecs.definition.family',
    source: api('DescribeTaskDefinition'),
    text: 'A family alone means its latest ACTIVE revision',
    async run(subject) {
      const family = unique('family')
      const revisions = []
      for (const _ of [1, 2, 3]) revisions.push(await register(subject, family))
      await subject.ecs.deregisterTaskDefinition({ taskDefinition: revisions[2] ?? '' })
      return (await subject.ecs.describeTaskDefinition({ taskDefinition: family })).taskDefinition?.revision
    },
    expected: 2,
  },
  {
    id: 'ecs.definition.unknown',
    source: api('DescribeTaskDefinition'),
    text: 'An unknown family is ClientException',
    run: ({ ecs }) => refusal(ecs.describeTaskDefinition({ taskDefinition: unique('none') })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.unknown-revision',
    source: api('DescribeTaskDefinition'),
    text: 'An unknown revision of a family is ClientException',
    async run(subject) {
      const arn = await register(subject, unique('family'))
      return refusal(subject.ecs.describeTaskDefinition({ taskDefinition: arn.replace(/:1$/, ':9') }))
    },
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.inactive',
    source: guide('deregister-task-definition-v2'),
    text: 'A deregistered revision is INACTIVE, can be described, and is not listed',
    async run(subject) {
      const familyPrefix = unique('family')
      const taskDefinition = await register(subject, familyPrefix)
      await subject.ecs.deregisterTaskDefinition({ taskDefinition })
      const found = await subject.ecs.describeTaskDefinition({ taskDefinition })
      const { taskDefinitionArns } = await subject.ecs.listTaskDefinitions({ familyPrefix })
      return [found.taskDefinition?.status, taskDefinitionArns]
    },
    expected: ['INACTIVE', []],
  },
  {
    id: 'ecs.definition.tags',
    source: api('DescribeTaskDefinition'),
    text: 'Tags are beside the task definition, and only when they are asked for',
    async run(subject) {
      const tags = [{ key: 'project', value: 'shop' }]
      const family = unique('family')
      await subject.ecs.registerTaskDefinition({ ...definition(subject, family), tags })
      const plain = await subject.ecs.describeTaskDefinition({ taskDefinition: family })
      const tagged = await subject.ecs.describeTaskDefinition({ taskDefinition: family, include: ['TAGS'] })
      return [plain.tags ?? [], tagged.tags]
    },
    expected: [[], [{ key: 'project', value: 'shop' }]],
  },
  {
    id: 'ecs.definition.no-container',
    source: api('RegisterTaskDefinition'),
    text: 'A task definition without containers is ClientException',
    run: (subject) =>
      refusal(subject.ecs.registerTaskDefinition({ ...definition(subject, unique('family')), containerDefinitions: [] })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.nothing-essential',
    source: api('ContainerDefinition'),
    text: 'A task definition in which no container is essential is ClientException',
    run: (subject) => refusal(subject.ecs.registerTaskDefinition(definition(subject, unique('family'), { essential: false }))),
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.fargate-network',
    source: guide('fargate-tasks-services'),
    text: 'Fargate has no network mode but awsvpc: ClientException',
    run: (subject) =>
      refusal(subject.ecs.registerTaskDefinition({ ...definition(subject, unique('family')), networkMode: 'bridge' })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.fargate-size',
    source: guide('fargate-tasks-services'),
    text: 'A size that Fargate does not have (256 CPU units, 4096 MiB) is ClientException',
    run: (subject) => refusal(subject.ecs.registerTaskDefinition({ ...definition(subject, unique('family')), memory: '4096' })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.definition.list',
    source: api('ListTaskDefinitions'),
    text: 'The revisions of a family are listed in order, or backwards with DESC',
    async run(subject) {
      const familyPrefix = unique('family')
      for (const _ of [1, 2]) await register(subject, familyPrefix)
      const listed = async (sort: 'ASC' | 'DESC') => {
        const { taskDefinitionArns } = await subject.ecs.listTaskDefinitions({ familyPrefix, sort })
        return taskDefinitionArns?.map((arn) => arn.split(familyPrefix)[1])
      }
      return [await listed('ASC'), await listed('DESC')]
    },
    expected: [
      [':1', ':2'],
      [':2', ':1'],
    ],
  },
]
