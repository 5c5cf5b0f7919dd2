import { COST_TAG, PROJECT_TAG } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { rolesNamed, type Scope, verbs } from './scope.ts'

/**
 * Networks and security groups. Their parts have no names: what is there already has to carry the tags of the environment. What
 * CloudFormation changes while it still makes a thing is held to the region, and by the boundary to the tags of nobody else:
 * it does not tag everything in the moment in which it makes it (security groups, coverage roadmap 714).
 */
export const network = (scope: Scope, withEndpoints: boolean): Statement[] => {
  const { place, project, environment } = scope
  const here = { 'aws:RequestedRegion': place.region }
  const tags = { [`aws:ResourceTag/${PROJECT_TAG}`]: project, [`aws:ResourceTag/${COST_TAG}`]: environment }
  return [
    allow(
      'Network',
      verbs(
        'ec2',
        `AllocateAddress CreateFlowLogs CreateInternetGateway CreateNatGateway CreateRouteTable CreateSecurityGroup
         CreateSubnet CreateTags CreateVpc CreateVpcEndpoint ModifySubnetAttribute ModifyVpcAttribute
         AuthorizeSecurityGroup* RevokeSecurityGroup* UpdateSecurityGroup* ModifySecurityGroupRules
         Describe* GetSecurityGroupsForVpc`,
      ),
      ['*'],
      { StringEquals: here },
    ),
    allow(
      'OwnNetwork',
      verbs(
        'ec2',
        `AssociateAddress AssociateRouteTable AttachInternetGateway CreateRoute DeleteFlowLogs DeleteInternetGateway
         DeleteNatGateway DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc
         DeleteVpcEndpoints DetachInternetGateway DisassociateAddress DisassociateRouteTable ModifyVpcEndpoint
         ReleaseAddress ReplaceRoute ReplaceRouteTableAssociation`,
      ),
      ['*'],
      { StringEquals: { ...here, ...tags } },
    ),
    // NAT gateways have interfaces that nobody tags.
    allow('AddressOfInterfaces', verbs('ec2', 'AssociateAddress DisassociateAddress'), [
      arn(place, 'ec2', 'network-interface/*'),
    ]),
    // EC2 asks it of whoever makes an endpoint with a private name, in zones of AWS's own (service authorization reference).
    ...(withEndpoints ? [allow('PrivateNames', ['route53:AssociateVPCWithHostedZone'], ['*'])] : []),
    allow('PassFlowLogRole', ['iam:PassRole'], [rolesNamed(scope, 'flow-logs')], {
      StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' },
    }),
  ]
}
