import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { repositoryName } from '../../../lib/delivery/names.ts'
import { allow, arn, type PolicyDocument, policy, type Statement } from './policy.ts'

/** The repositories of the project, also of an image that is added later; none of another project begins with its name and a slash. */
const repositories = ({ project, registry }: Configuration): string[] => [
  arn(registry, 'ecr', `repository/${repositoryName(project, '*')}`),
]

/** Build, or find, or copy: everything over the registry's own HTTP interface with a token that stays in the process. */
export const buildPermissions = (configuration: Configuration): PolicyDocument =>
  policy(
    allow('RegistryToken', ['ecr:GetAuthorizationToken'], ['*']),
    allow(
      'PushImages',
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeRepositories',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      repositories(configuration),
    ),
  )

/** A plan asks which of its images are there; nothing else. */
export const registryReadPermissions = (configuration: Configuration): PolicyDocument =>
  policy(allow('FindImages', ['ecr:BatchGetImage'], repositories(configuration)))

/** What a deployment asks of the registry; `ecr:PutImage` puts a `keep-…` tag on an image that is there. */
export const deployedImages = (configuration: Configuration): Statement =>
  allow(
    'Images',
    ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer', 'ecr:GetLifecyclePolicy', 'ecr:PutImage'],
    repositories(configuration),
  )
