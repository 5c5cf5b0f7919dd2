import type { App } from 'aws-cdk-lib'
import { CfnOIDCProvider } from 'aws-cdk-lib/aws-iam'
import { ISSUER } from '../../lib/delivery/identity.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'

/** GitHub as an identity provider of the account. It outlives its stack, since other projects may have come to rest on it. */
export class ProviderStack extends PlaceStack {
  constructor(app: App, props: PlaceProps) {
    super(app, props)
    const provider = new CfnOIDCProvider(this, 'GitHub', {
      url: `https://${ISSUER}`,
      clientIdList: ['sts.amazonaws.com'],
    })
    provider.applyRemovalPolicy(this.removal)
  }
}
