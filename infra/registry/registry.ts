import type { App } from 'aws-cdk-lib'
import { CfnRepository } from 'aws-cdk-lib/aws-ecr'
import { repositoryName } from '../../lib/delivery/names.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'
import { lifecycle } from './lifecycle.ts'
import { repositoryPolicy } from './repository-policy.ts'

/**
 * One repository an image. Tags never move, images are scanned as they arrive and encrypted at rest, and what no environment
 * runs or may go back to expires. They outlive the stack: what runs has been pulled from here.
 */
export class RegistryStack extends PlaceStack {
  constructor(app: App, props: PlaceProps) {
    super(app, props)
    for (const image of Object.keys(this.configuration.images)) {
      const repository = new CfnRepository(this, image, {
        repositoryName: repositoryName(this.configuration.project, image),
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
        lifecyclePolicy: { lifecyclePolicyText: JSON.stringify(lifecycle(this.configuration)) },
        repositoryPolicyText: repositoryPolicy(this.configuration),
      })
      repository.applyRemovalPolicy(this.removal)
    }
  }
}
