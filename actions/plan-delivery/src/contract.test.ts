import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { found, push, world } from './world.case.ts'

const contract: { inputs: object; outputs: object } = parse(readFileSync(join(import.meta.dirname, '../action.yml'), 'utf8'))

it('action.yml names exactly the inputs that are read', () => {
  const source = readFileSync(join(import.meta.dirname, 'inputs.ts'), 'utf8')
  const read = [...source.matchAll(/(?:optional|required)\('([\w-]+)'/g)].map(([, name]) => name)
  expect(Object.keys(contract.inputs).toSorted()).toEqual(read.toSorted())
})

it('action.yml names exactly the outputs that are set', async () => {
  const decision = await planDelivery(push('dev'), world({ images: found }).ports)
  expect(Object.keys(contract.outputs).toSorted()).toEqual(Object.keys(outputs(decision)).toSorted())
})
