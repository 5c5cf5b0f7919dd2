import type { App } from 'aws-cdk-lib'
import type { EnvironmentProps } from '../stack.ts'

export const budgetsStacks = (_app: App, _props: EnvironmentProps): void => {}
