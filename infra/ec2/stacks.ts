import type { App } from 'aws-cdk-lib'
import type { EnvironmentProps } from '../stack.ts'

export const ec2Stacks = (_app: App, _props: EnvironmentProps): void => {}
