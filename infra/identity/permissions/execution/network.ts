import { allow, type Statement } from '../policy.ts'
import { rolesNamed, type Scope, verbs } from './scope.ts'

/** Networks and security groups. Their parts have no names: they are held to the region, and by the boundary to the tags. */
export const network = (scope: Scope): Statement[] => [
  allow(
    'Network',
    verbs(
      'ec2',
      `AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress
       AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
       AttachInternetGateway DetachInternetGateway CreateInternetGateway DeleteInternetGateway
       CreateFlowLogs DeleteFlowLogs CreateTags DeleteTags
       CreateVpc DeleteVpc ModifyVpcAttribute CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints
       CreateSubnet DeleteSubnet ModifySubnetAttribute CreateRoute ReplaceRoute DeleteRoute CreateRouteTable DeleteRouteTable
       CreateNatGateway DeleteNatGateway CreateSecurityGroup DeleteSecurityGroup
       AuthorizeSecurityGroup* RevokeSecurityGroup* UpdateSecurityGroup* ModifySecurityGroupRules Describe*`,
    ),
    ['*'],
    { StringEquals: { 'aws:RequestedRegion': scope.place.region } },
  ),
  allow('PassFlowLogRole', ['iam:PassRole'], [rolesNamed(scope, 'flow-logs')], {
    StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' },
  }),
]
