import type * as sdk from '@aws-sdk/client-ecs'
import { AwsError } from '../service.ts'
import type { ContainerDefinition, TaskDefinition, Wire } from './model.ts'

type Registration = Wire<sdk.RegisterTaskDefinitionCommandInput>

const refuse = (message: string): never => {
  throw new AwsError('ClientException', message)
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step)

/** MiB by CPU units: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const fargateMemory: Record<string, number[]> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
}

const checkFargate = ({ networkMode, cpu, memory }: Registration): void => {
  if (networkMode !== 'awsvpc') refuse("Fargate only supports network mode 'awsvpc'.")
  if (!cpu) refuse("Fargate requires that 'cpu' be defined at the task level.")
  if (!memory) refuse("Fargate requires that 'memory' be defined at the task level.")
  if (!fargateMemory[String(cpu)]?.includes(Number(memory))) {
    refuse(
      `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`,
    )
  }
}

const checkContainer = (container: Wire<sdk.ContainerDefinition>, taskMemory: string | undefined): void => {
  if (!container.name) refuse('Container.name should not be null or empty.')
  if (!container.image) refuse('Container.image should not be null or empty.')
  if (!taskMemory && !container.memory && !container.memoryReservation) {
    refuse(
      `Invalid setting for container '${container.name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    )
  }
}

/** Refuses what AWS refuses, with `ClientException`. */
export const checkRegistration = (input: Registration): void => {
  const containers = input.containerDefinitions ?? []
  if (!input.family || !/^[\w-]{1,255}$/.test(input.family)) refuse('Family contains invalid characters.')
  if (containers.length === 0) refuse('Container list cannot be empty.')
  for (const container of containers) checkContainer(container, input.memory)
  const names = containers.map(({ name }) => name)
  if (new Set(names).size < names.length) refuse('Container.name contains duplicate values.')
  if (containers.every(({ essential }) => essential === false))
    refuse('At least one container in the task definition must be essential.')
  if (input.requiresCompatibilities?.includes('FARGATE')) checkFargate(input)
}

/** Fields that AWS adds to what was given; a given one stays as it is. */
const withDefaults = (container: Wire<sdk.ContainerDefinition>, networkMode: string | undefined): ContainerDefinition => ({
  cpu: 0,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  systemControls: [],
  ...container,
  name: container.name ?? '',
  image: container.image ?? '',
  essential: container.essential ?? true,
  portMappings: (container.portMappings ?? []).map((mapping) => ({
    protocol: 'tcp',
    hostPort: networkMode === 'awsvpc' ? mapping.containerPort : 0,
    ...mapping,
  })),
})

const attributes = (input: Registration): string[] => {
  const containers = input.containerDefinitions ?? []
  const drivers = containers.flatMap(({ logConfiguration }) => logConfiguration?.logDriver ?? [])
  return [
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
    ...(drivers.includes('awslogs')
      ? ['com.amazonaws.ecs.capability.logging-driver.awslogs', 'ecs.capability.execution-role-awslogs']
      : []),
    ...(containers.some(({ image }) => image?.includes('.dkr.ecr.')) ? ['com.amazonaws.ecs.capability.ecr-auth'] : []),
    ...(input.taskRoleArn ? ['com.amazonaws.ecs.capability.task-iam-role'] : []),
    ...(input.networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
    ...(containers.some(({ healthCheck }) => healthCheck) ? ['ecs.capability.container-health-check'] : []),
    ...(containers.some(({ secrets }) => secrets?.length) ? ['ecs.capability.secrets.ssm.environment-variables'] : []),
  ]
}

/** What `RegisterTaskDefinition` answers: every field as given, known or not, and the output-only ones. */
export const register = (
  input: Registration,
  added: { arn: string; revision: number; at: number; by: string },
): TaskDefinition => {
  const { tags: _, ...given } = structuredClone(input)
  return {
    volumes: [],
    placementConstraints: [],
    ...given,
    family: input.family ?? '',
    containerDefinitions: (given.containerDefinitions ?? []).map((each) => withDefaults(each, input.networkMode)),
    taskDefinitionArn: added.arn,
    revision: added.revision,
    status: 'ACTIVE',
    requiresAttributes: attributes(input).map((name) => ({ name })),
    compatibilities: input.networkMode === 'awsvpc' ? ['EC2', 'FARGATE'] : ['EC2'],
    registeredAt: added.at,
    registeredBy: added.by,
  }
}
