import type * as sdk from '@aws-sdk/client-ecs'
import type { Operation } from '../service.ts'
import { tagContext } from './authorizations.ts'
import type { Engine } from './engine.ts'
import { placeOf } from './find.ts'
import type { Wire } from './model.ts'

export const tagOperations = (engine: Engine): Record<string, Operation> => {
  const tagResource: Operation<Wire<sdk.TagResourceCommandInput>> = {
    authorize: (input) => [{ action: 'ecs:TagResource', resource: input.resourceArn ?? '', context: tagContext(input.tags) }],
    run(input, call) {
      const { tags } = engine.region(placeOf(call))
      const { resourceArn = '', tags: given = [] } = input
      const kept = (tags.get(resourceArn) ?? []).filter(({ key }) => !given.some((tag) => tag.key === key))
      tags.set(resourceArn, [...kept, ...given])
      return {}
    },
  }

  const listTagsForResource: Operation<Wire<sdk.ListTagsForResourceCommandInput>> = {
    authorize: (input) => [{ action: 'ecs:ListTagsForResource', resource: input.resourceArn ?? '' }],
    run: (input, call) => ({ tags: engine.region(placeOf(call)).tags.get(input.resourceArn ?? '') ?? [] }),
  }
  return { TagResource: tagResource, ListTagsForResource: listTagsForResource }
}
