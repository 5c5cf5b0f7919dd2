import { section, text } from './fields.ts'

const ROLE = text(/^[\w+=,.@-]{1,64}$/, 'the name of an IAM role', 'Name of the IAM role that the service runs as.').optional()

export const ecsNames = {
  names: section(
    {
      cluster: text(/^[A-Za-z0-9][\w-]{0,254}$/, 'the name of an ECS cluster', 'Name of an existing ECS cluster.').optional(),
      service: text(/^[A-Za-z0-9][\w-]{0,254}$/, 'the name of an ECS service', 'Name of an existing ECS service.').optional(),
      container: text(
        /^[A-Za-z0-9][\w-]{0,254}$/,
        'the name of a container',
        'Container of the task definition that gets the image.',
      ).optional(),
      role: ROLE,
      executionRole: text(
        /^[\w+=,.@-]{1,64}$/,
        'the name of an IAM role',
        'Name of the IAM role that starts the tasks of an existing service.',
      ).optional(),
      family: text(
        /^[A-Za-z0-9][\w-]{0,254}$/,
        'the name of a task definition family',
        'Task definition family of an existing service. Default: its name.',
      ).optional(),
    },
    'Names of things that exist already and are used instead of the derived ones.',
  ).optional(),
}

export const lambdaNames = {
  names: section(
    {
      function: text(
        /^[\w-]{1,64}$/,
        'the name of a Lambda function',
        'Name of an existing function; for services of one function.',
      ).optional(),
      alias: text(
        /^(?!\d+$)[\w-]{1,128}$/,
        'the name of a Lambda alias',
        'Alias that gets the traffic. Default: live.',
      ).optional(),
      role: ROLE,
    },
    'Names of things that exist already and are used instead of the derived ones.',
  ).optional(),
}

export const ec2Names = {
  names: section(
    {
      tag: section(
        {
          key: text(/^(?![aA][wW][sS]:)[\w .:/=+@-]{1,128}$/, 'the key of a tag', 'Key of the tag.'),
          value: text(/^[\w .:/=+@-]{1,256}$/, 'the value of a tag', 'Value of the tag.'),
        },
        'Tag that the hosts of the service carry.',
      ).optional(),
      document: text(/^[\w.-]{3,128}$/, 'the name of an SSM document', 'SSM document with the on-host program.').optional(),
      role: ROLE,
    },
    'Names of things that exist already and are used instead of the derived ones.',
  ).optional(),
}
