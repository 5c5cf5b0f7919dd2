import { budgetsOf } from './budgets.ts'
import type { Draft, DraftEnvironment, DraftService } from './draft.ts'
import type { Finding } from './finding.ts'
import {
  budgetNames,
  environmentNames,
  infrastructureNames,
  PURPOSES,
  REGISTRY,
  repositoryName,
  roleName,
  serviceNames,
} from './names.ts'
import { recordNames } from './records.ts'

/** A name that is made of parts of the configuration. Within one kind and scope no name may come twice. */
export type DerivedName = { kind: Kind; name: string; scope: string; path: readonly string[]; environment?: string }

/** Longest name that AWS takes, in characters (service quotas and API references, November 2026). */
const LIMITS = {
  'IAM role': 64,
  'IAM policy': 128,
  'ECS cluster': 255,
  'ECS service': 255,
  container: 255,
  'task definition family': 255,
  'target group': 32,
  'load balancer': 32,
  'Lambda function': 64,
  'SQS queue': 80,
  schedule: 64,
  'SSM document': 128,
  'SSM parameter': 1011,
  'log group': 512,
  'ECR repository': 256,
  // AWS takes 100; infrastructure may add a hyphen and six characters.
  budget: 93,
  'host tag': 256,
}
type Kind = keyof typeof LIMITS

/** Every name in AWS that follows from the configuration and is not given by `names`. */
export const derivedNames = ({ project = '', registry, environments, images, services }: Draft): DerivedName[] => [
  ...(['build', 'read'] as const).map((purpose) => name('IAM role', roleName(project, REGISTRY, purpose), registry, ['project'])),
  ...Object.keys(images).map((image) => name('ECR repository', repositoryName(project, image), registry, ['images', image])),
  ...Object.entries(environments).flatMap(([environment, place]) => [
    ...ofEnvironment(project, environment, place, Object.values(services)),
    ...ofBudgets(project, environment, place),
    ...Object.entries(services).flatMap(([service, declared]) => ofService(project, environment, place, service, declared)),
  ]),
]

type Place = { account?: string | undefined }

const name = (kind: Kind, text: string, { account = '' }: Place, path: readonly string[], environment?: string): DerivedName => ({
  kind,
  name: text,
  scope: account,
  path,
  ...(environment !== undefined && { environment }),
})

const ofEnvironment = (project: string, environment: string, place: Place, services: DraftService[]): DerivedName[] => {
  const path = ['environments', environment]
  const { cluster, loadBalancer, document } = environmentNames(project, environment)
  const { flowLogRole, serviceBoundary, execution, cloudFormation } = infrastructureNames(project, environment)
  const { release } = recordNames(project, environment)
  const has = (target: string): boolean => services.some((service) => service.target === target)
  return [
    ...PURPOSES.filter((purpose) => purpose !== 'build').map((purpose) =>
      name('IAM role', roleName(project, environment, purpose), place, path),
    ),
    name('IAM role', flowLogRole, place, path),
    name('IAM role', cloudFormation, place, path),
    name('IAM policy', serviceBoundary, place, path),
    name('IAM policy', execution, place, path),
    name('SSM parameter', release, place, path),
    ...(has('ecs') ? [name('ECS cluster', cluster, place, path)] : []),
    ...(has('ecs') && services.some(isPublished) ? [name('load balancer', loadBalancer, place, path)] : []),
    ...(has('ec2') ? [name('SSM document', document, place, path)] : []),
  ]
}

const ofBudgets = (project: string, environment: string, place: DraftEnvironment): DerivedName[] => {
  if (place.budgets === undefined) return []
  const path = ['environments', environment]
  const { slack } = budgetNames(project, environment)
  const kinds = place.slack === undefined ? [] : (['Lambda function', 'IAM role', 'SQS queue'] as const)
  return [
    ...budgetsOf(project, environment, place.budgets).map((budget) => name('budget', budget.name, place, [...path, 'budgets'])),
    ...kinds.map((kind) => name(kind, slack, place, path)),
  ]
}

const isPublished = ({ target, port, names }: DraftService): boolean =>
  target === 'ecs' && port !== undefined && names?.['service'] === undefined

const ofService = (
  project: string,
  environment: string,
  place: Place,
  service: string,
  declared: DraftService,
): DerivedName[] => {
  const path = ['services', service]
  const derived = serviceNames(project, environment, service)
  const { image } = recordNames(project, environment)
  const given = { ...declared.names, ...declared.in[environment]?.names }
  const make = (kind: Kind, text: string, key?: string): DerivedName[] =>
    key !== undefined && given[key] !== undefined ? [] : [name(kind, text, place, path, environment)]
  const functions = Object.keys(declared.functions ?? { [service]: {} })
  const scheduled = Object.keys(declared.in[environment]?.schedules ?? declared.schedules ?? {})
  const targets: Record<string, DerivedName[]> = {
    ecs: [
      ...make('task definition family', derived.family, 'service'),
      ...make('container', derived.container, 'container').map((entry) => ({ ...entry, scope: derived.family })),
      ...make('ECS service', derived.service, 'service').map((entry) => ({ ...entry, scope: derived.family })),
      ...make('IAM role', derived.taskRole, 'role'),
      ...make('IAM role', derived.executionRole, 'service'),
      ...(isPublished({ ...declared, names: given }) ? make('target group', derived.targetGroup) : []),
      ...(scheduled.length > 0 ? make('IAM role', derived.schedulesRole, 'service') : []),
      ...(scheduled.length > 0 ? make('SQS queue', derived.deadLetters, 'service') : []),
      ...scheduled.flatMap((key) =>
        make('schedule', derived.schedule(key), 'service').map((entry) => ({ ...entry, path: [...path, 'schedules', key] })),
      ),
    ],
    lambda: [
      ...functions.flatMap((key) => make('Lambda function', derived.function(key), 'function')),
      ...make('IAM role', derived.functionRole, 'role'),
      ...make('IAM role', derived.invokeRole, 'function'),
      ...make('SQS queue', derived.deadLetters, 'function'),
      ...make('log group', derived.accessLog, 'function'),
    ],
    ec2: [...make('host tag', derived.hosts, 'tag'), ...make('IAM role', derived.hostRole, 'role')],
  }
  return [
    ...make('SSM parameter', image(service)),
    ...make('log group', derived.logGroup),
    ...(targets[declared.target ?? ''] ?? []),
  ]
}

/** Names that AWS would refuse, and names that two things would share. */
export const checkDerived = (draft: Draft): Finding[] => {
  const names = derivedNames(draft)
  return [...tooLong(names), ...shared(names)]
}

/**
 * One finding for each entry and kind, though the name is too long in three environments; and one only where the project
 * alone is too long, since everything else is too long then.
 */
const tooLong = (names: DerivedName[]): Finding[] => {
  const found = names
    .filter(({ kind, name }) => name.length > LIMITS[kind])
    .toSorted((a, b) => b.name.length - a.name.length)
    .map(({ kind, name, path, environment }) => ({
      path,
      at: 'key' as const,
      kind,
      message: `has too long a name: the ${kind}${environment ? ` in ${environment}` : ''} would be "${name}" with ${name.length} characters, AWS allows ${LIMITS[kind]}; shorten ${parts(path)}`,
    }))
  const project = found.filter(({ path }) => path[0] === 'project')
  const seen = new Set<string>()
  return (project.length > 0 ? project : found).filter(
    ({ path, kind }) => !seen.has(`${path.join('/')} ${kind}`) && seen.add(`${path.join('/')} ${kind}`),
  )
}

const parts = (path: readonly string[]): string =>
  ({ services: 'the name of the service, the environment or the project', project: 'it' })[path[0] ?? ''] ??
  `the name of the ${path[0] === 'images' ? 'image' : 'environment'} or the project`

const shared = (names: DerivedName[]): Finding[] => {
  const first = new Map<string, DerivedName>()
  return names.flatMap((entry) => {
    const key = `${entry.kind} ${entry.scope} ${entry.name}`
    const other = first.get(key)
    if (other === undefined) first.set(key, entry)
    if (other === undefined) return []
    const owner = `${other.path.join('.')}${other.environment ? ` in ${other.environment}` : ''}`
    const place = entry.environment ? ` in ${entry.environment}` : ''
    const message = `would share the ${entry.kind} "${entry.name}"${place} with ${owner}; rename one of them`
    return [{ path: entry.path, at: 'key' as const, message }]
  })
}
