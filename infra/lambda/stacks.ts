import type { App } from 'aws-cdk-lib'
import type { EnvironmentProps } from '../stack.ts'

export const lambdaStacks = (_app: App, _props: EnvironmentProps): void => {}
