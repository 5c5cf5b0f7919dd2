import type { App } from 'aws-cdk-lib'
import { CfnDocument } from 'aws-cdk-lib/aws-ssm'
import { environmentNames, registryHost } from '../../lib/delivery/names.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { hostDocument } from '../../lib/host/document.ts'
import { publish } from '../outputs.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'

/** What the hosts of an environment share: the document by which deployments switch them, with the program that they run. */
export class HostsStack extends PlaceStack {
  constructor(app: App, props: PlaceProps) {
    super(app, props)
    const { project, registry } = this.configuration
    const document = new CfnDocument(this, 'Document', {
      name: environmentNames(project, this.place).document,
      documentType: 'Command',
      documentFormat: 'JSON',
      content: hostDocument(registryHost(registry)),
      // A new document in its place would be none for a moment, and forget the versions that hosts take their program from.
      updateMethod: 'NewVersion',
      targetType: '/AWS::EC2::Instance',
    })
    publish(this, outputNames(project, this.place).hosts.document, document.ref)
  }
}
