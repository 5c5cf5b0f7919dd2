import type { Lambda } from '@aws-sdk/client-lambda'
import type { Route } from '../rest.ts'
import type { Authorization, Call, InputOf, Operation } from '../service.ts'
import { type Engine, functionArn, type LambdaFunction, notFound, type Place } from './model.ts'

type OperationName = 'Invoke' | `${'Get' | 'Update' | 'Create' | 'Delete' | 'List' | 'Publish' | 'Put'}${string}`

export type Input<N extends string> = InputOf<Lambda, N>

export const placeOf = ({ principal: { account }, region }: Call): Place => ({ account, region })

/** A name may be an ARN, and either may end with a qualifier. */
const parseName = (text = ''): { name: string; qualifier: string | undefined } => {
  const [name = '', qualifier] = text.replace(/^(?:arn:aws:lambda:[^:]*:)?(?:\d{12}:)?function:/, '').split(':')
  return { name, qualifier }
}

/**
 * What IAM is asked, by the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html): the function, with the qualifier
 * where a version or an alias of it is meant.
 */
export const onFunction = (operation: string, input: unknown, call: Call): Authorization[] => {
  const { FunctionName, Qualifier } = input as { FunctionName?: string; Qualifier?: string }
  const { name, qualifier = Qualifier } = parseName(FunctionName)
  const action = `lambda:${operation === 'Invoke' ? 'InvokeFunction' : operation}`
  return [{ action, resource: functionArn(placeOf(call), name, qualifier) }]
}

/** Makes operations on one function that exists, by its name, and the qualifier if there is one. */
export const inFunction =
  (engine: Engine) =>
  <N extends OperationName>(
    operation: N,
    route: Route,
    run: (found: LambdaFunction, input: Input<N>, qualifier: string | undefined, call: Call) => unknown,
    more: (input: Input<N>, call: Call) => Authorization[] = () => [],
  ): Record<string, Operation<Input<N>>> => ({
    [operation]: {
      route,
      authorize: (input, call) => [...onFunction(operation, input, call), ...more(input, call)],
      run: (input, call) => {
        const { FunctionName, Qualifier } = input as { FunctionName?: string; Qualifier?: string }
        const { name, qualifier = Qualifier } = parseName(FunctionName)
        const found = engine.region(placeOf(call)).functions.get(name)
        if (found === undefined) throw notFound(functionArn(placeOf(call), name, qualifier))
        return run(found, input, qualifier, call)
      },
    },
  })
