import type * as sdk from '@aws-sdk/client-ecs'
import type { Authorization, Call, InputOf, Operation } from '../service.ts'
import type { Engine } from './engine.ts'
import { placeOf } from './find.ts'
import type { Region, Wire } from './model.ts'

type OperationName = Capitalize<Exclude<keyof sdk.ECS & string, keyof sdk.ECSClient>>

/** What the SDK sends for an operation, as it travels. */
export type Input<N extends OperationName> = Wire<InputOf<sdk.ECS, N>>

/** What IAM is asked about a call, in the words of the service authorization reference. */
export type Authorize<I> = (action: string, input: I, call: Call, region: Region) => Authorization[]

/** Makes operations on what the caller's account has in the region of the call. */
export const inRegion =
  (engine: Engine) =>
  <N extends OperationName>(
    name: N,
    authorize: Authorize<Input<N>>,
    run: (input: Input<N>, region: Region, call: Call) => unknown,
  ): Record<string, Operation<Input<N>>> => ({
    [name]: {
      authorize: (input, call) => authorize(name, input, call, engine.region(placeOf(call))),
      run: (input, call) => run(input, engine.region(placeOf(call)), call),
    },
  })

/** What is there of what was asked for, and a failure for each that is missing. */
export const split = <T>(asked: string[], find: (each: string) => T | undefined, arnOf = (each: string): string => each) => {
  const found = asked.map((each) => ({ each, item: find(each) }))
  return {
    found: found.flatMap(({ item }) => item ?? []),
    failures: found.filter(({ item }) => item === undefined).map(({ each }) => ({ arn: arnOf(each), reason: 'MISSING' })),
  }
}
