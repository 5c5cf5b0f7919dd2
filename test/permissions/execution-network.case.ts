import { ec2, type Needed, pass } from './execution-asks.case.ts'

/** What CloudFormation calls for the types of EC2. */
export const NETWORK: Record<string, Needed[]> = {
  'AWS::EC2::EIP': [...ec2('ec2:AllocateAddress ec2:ReleaseAddress ec2:CreateTags', 'elastic-ip/e')],
  'AWS::EC2::FlowLog': [
    ...ec2('ec2:CreateFlowLogs ec2:DeleteFlowLogs ec2:CreateTags', 'vpc-flow-log/f'),
    pass('shop-dev-flow-logs', 'vpc-flow-logs'),
  ],
  'AWS::EC2::InternetGateway': [
    ...ec2('ec2:CreateInternetGateway ec2:DeleteInternetGateway ec2:CreateTags', 'internet-gateway/i'),
  ],
  'AWS::EC2::LaunchTemplate': [
    ...ec2(
      'ec2:CreateLaunchTemplate ec2:CreateLaunchTemplateVersion ec2:DeleteLaunchTemplate ec2:CreateTags',
      'launch-template/l',
    ),
  ],
  'AWS::EC2::NatGateway': [...ec2('ec2:CreateNatGateway ec2:DeleteNatGateway ec2:CreateTags', 'natgateway/n')],
  'AWS::EC2::Route': [...ec2('ec2:CreateRoute ec2:ReplaceRoute ec2:DeleteRoute', 'route-table/r')],
  'AWS::EC2::RouteTable': [...ec2('ec2:CreateRouteTable ec2:DeleteRouteTable ec2:CreateTags', 'route-table/r')],
  'AWS::EC2::SecurityGroup': [
    ...ec2('ec2:CreateSecurityGroup ec2:DeleteSecurityGroup ec2:CreateTags', 'security-group/s'),
    ...ec2('ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupEgress', 'security-group/s'),
  ],
  'AWS::EC2::SecurityGroupIngress': [
    ...ec2('ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress', 'security-group/s'),
  ],
  'AWS::EC2::SecurityGroupEgress': [...ec2('ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupEgress', 'security-group/s')],
  'AWS::EC2::Subnet': [...ec2('ec2:CreateSubnet ec2:ModifySubnetAttribute ec2:DeleteSubnet ec2:CreateTags', 'subnet/s')],
  'AWS::EC2::SubnetRouteTableAssociation': [...ec2('ec2:AssociateRouteTable ec2:DisassociateRouteTable', 'route-table/r')],
  'AWS::EC2::VPC': [...ec2('ec2:CreateVpc ec2:ModifyVpcAttribute ec2:DeleteVpc ec2:CreateTags', 'vpc/v')],
  'AWS::EC2::VPCEndpoint': [
    ...ec2('ec2:CreateVpcEndpoint ec2:ModifyVpcEndpoint ec2:DeleteVpcEndpoints ec2:CreateTags', 'vpc-endpoint/v'),
  ],
  'AWS::EC2::VPCGatewayAttachment': [...ec2('ec2:AttachInternetGateway ec2:DetachInternetGateway', 'internet-gateway/i')],
}
