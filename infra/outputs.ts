import { CfnParameter, Fn } from 'aws-cdk-lib'
import { CfnParameter as CfnSsmParameter } from 'aws-cdk-lib/aws-ssm'
import { recordNames } from '../lib/delivery/records.ts'
import type { PlaceStack } from './stack.ts'

/** Tells other stacks, workflows and people what AWS has named: one parameter of Parameter Store, one of `outputNames`. */
export const publish = (stack: PlaceStack, name: string, value: string | string[]): CfnSsmParameter =>
  new CfnSsmParameter(stack, `Output${idOf(name)}`, {
    name,
    type: Array.isArray(value) ? 'StringList' : 'String',
    value: Array.isArray(value) ? Fn.join(',', value) : value,
  })

/** What another stack has published, looked up by CloudFormation when it prepares a change set. */
export const published = (stack: PlaceStack, name: string): string => lookup(stack, name, 'String').valueAsString

export const publishedList = (stack: PlaceStack, name: string): string[] => lookup(stack, name, 'List<String>').valueAsList

/**
 * The image that is to run, from the record: the full URI with its digest. No stack writes that record, so that a deployment
 * of infrastructure never brings another image than the one that was delivered last.
 */
export const recordedImage = (stack: PlaceStack, service: string): string =>
  published(stack, recordNames(stack.configuration.project, stack.place).image(service))

const lookup = (stack: PlaceStack, name: string, type: 'String' | 'List<String>'): CfnParameter => {
  const id = `Of${idOf(name)}`
  const there = stack.node.tryFindChild(id)
  return there instanceof CfnParameter
    ? there
    : new CfnParameter(stack, id, { type: `AWS::SSM::Parameter::Value<${type}>`, default: name })
}

/** The name without project and environment, in camel case: those two are the same throughout a stack. */
const idOf = (name: string): string =>
  name
    .split('/')
    .slice(3)
    .join('-')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
