import { expect, test } from 'vitest'
import { assignImages, expectedDigests, familyOf, sameDefinition, type TaskDefinition, withImages } from './revision.ts'

const definition: TaskDefinition = {
  family: 'api',
  revision: 7,
  status: 'ACTIVE',
  taskDefinitionArn: 'arn:aws:ecs:r:1:task-definition/api:7',
  registeredAt: 1,
  registeredBy: 'x',
  compatibilities: ['EC2'],
  requiresAttributes: [],
  cpu: '256',
  unknown: { of: [1, null] },
  tags: [{ key: 'a', value: '' }],
  containerDefinitions: [
    { name: 'app', image: 'old', environment: [] } as never,
    { name: 'log', image: 'sidecar', essential: false },
  ],
}

test('only images change and only what the API does not take back is left out', () => {
  expect(withImages(definition, { app: 'new' })).toEqual({
    family: 'api',
    cpu: '256',
    unknown: { of: [1, null] },
    tags: [{ key: 'a', value: '' }],
    containerDefinitions: [
      { name: 'app', image: 'new', environment: [] },
      { name: 'log', image: 'sidecar', essential: false },
    ],
  })
})

test('a definition equals its own description, whatever the order of keys, and no other', () => {
  expect(sameDefinition(withImages(definition, { app: 'old' }), definition)).toBe(true)
  expect(sameDefinition(withImages(definition, { app: 'new' }), definition)).toBe(false)
  const reordered = Object.fromEntries(Object.entries(definition).toReversed()) as TaskDefinition
  expect(sameDefinition(reordered, definition)).toBe(true)
})

test('an image without a container goes to the only essential one', () => {
  expect(assignImages(definition, [{ image: 'new', digest: 'd' }])).toEqual({ app: 'new' })
})

test('where several could be meant the containers are named', () => {
  const two: TaskDefinition = {
    ...definition,
    containerDefinitions: [
      { name: 'app', image: '1' },
      { name: 'web', image: '2' },
    ],
  }
  expect(() => assignImages(two, [{ image: 'new', digest: 'd' }])).toThrow('several essential containers (app, web)')
  expect(() => assignImages(two, [{ container: 'db', image: 'new', digest: 'd' }])).toThrow(
    "no container 'db', its containers are app, web",
  )
})

test('the family is read from an ARN', () => {
  expect(familyOf('arn:aws:ecs:eu-west-1:1:task-definition/my-api:12')).toBe('my-api')
})

test('one image in two containers is expected in both', () => {
  const wanted = ['app', 'log'].map((container) => ({ container, image: 'new', digest: 'sha256:1' }))
  expect(expectedDigests(definition, wanted)).toEqual({ app: 'sha256:1', log: 'sha256:1' })
})

test('an image without a container is expected in the one that it is given to', () => {
  expect(expectedDigests(definition, [{ image: 'new', digest: 'sha256:1' }])).toEqual({ app: 'sha256:1' })
})
