import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { architectureOf, type EcsService, isReadOnly, sizeOf, stopSeconds } from '../../lib/delivery/ecs.ts'
import { serviceNames } from '../../lib/delivery/names.ts'
import { OPEN_VARIABLES } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import { arn } from '../identity/permissions/policy.ts'
import { recordedImage } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'

type Props = { container: string; logs: CfnLogGroup; taskRole: string; executionRole: string }

/** The first revision of the family, from which deployments make theirs: the same in everything but the image. */
export const taskDefinition = (
  stack: PlaceStack,
  name: string,
  service: EcsService,
  { container, logs, taskRole, executionRole }: Props,
): CfnTaskDefinition => {
  const { configuration, place, region } = stack
  const names = serviceNames(configuration.project, place, name)
  const { cpu, memory } = sizeOf(service)
  const { port } = service
  const variables = {
    SERVICE: name,
    ENVIRONMENT: place,
    ...(port !== undefined && { PORT: String(port) }),
    ...service.variables,
  }
  const secret = arn(stack, 'secretsmanager', `secret:${names.secret}`)
  const definition = new CfnTaskDefinition(stack, 'TaskDefinition', {
    family: names.family,
    cpu: String(cpu),
    memory: String(memory),
    networkMode: 'awsvpc',
    requiresCompatibilities: [service.capacity === 'ec2' ? 'EC2' : 'FARGATE'],
    runtimePlatform: { cpuArchitecture: architectureOf(configuration, service), operatingSystemFamily: 'LINUX' },
    taskRoleArn: taskRole,
    executionRoleArn: executionRole,
    containerDefinitions: [
      {
        name: container,
        image: recordedImage(stack, name),
        essential: true,
        readonlyRootFilesystem: isReadOnly(service),
        stopTimeout: stopSeconds(service),
        environment: Object.entries(variables)
          .map(([key, value]) => ({ name: key, value }))
          .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        ...(service.secrets && { secrets: service.secrets.map((key) => ({ name: key, valueFrom: `${secret}:${key}::` })) }),
        ...(port !== undefined && { portMappings: [{ containerPort: port, protocol: 'tcp' }] }),
        // Reaps what a shell has started and left.
        ...(service.shell === true && { linuxParameters: { initProcessEnabled: true } }),
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': logs.ref, 'awslogs-region': region, 'awslogs-stream-prefix': name },
        },
      },
    ],
  })
  explain(definition, OPEN_VARIABLES)
  return definition
}
