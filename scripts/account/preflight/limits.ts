/** Quotas by their code in Service Quotas, and what they are called on the console. */
export const LIMITS = {
  fargate: { service: 'fargate', code: 'L-3032A538', words: 'Fargate On-Demand vCPU' },
  instances: { service: 'ec2', code: 'L-1216C47A', words: 'vCPU of running On-Demand Standard instances' },
  addresses: { service: 'ec2', code: 'L-0263D0A3', words: 'Elastic IP addresses' },
  networks: { service: 'vpc', code: 'L-F678F1CE', words: 'VPCs' },
  gateways: { service: 'vpc', code: 'L-A4707A72', words: 'internet gateways' },
  balancers: { service: 'elasticloadbalancing', code: 'L-53DA6B97', words: 'Application Load Balancers' },
  concurrency: { service: 'lambda', code: 'L-B99A9384', words: 'concurrent executions of Lambda functions' },
} as const

export type LimitName = keyof typeof LIMITS
