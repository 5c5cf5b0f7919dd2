import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { PLACE_INPUTS } from '../actions/deploy-service/src/inputs/place.ts'

type Contract = {
  inputs: Record<string, { description?: string; default?: unknown }>
  outputs: Record<string, { description?: string }>
  runs: { using: string; main: string }
}

const actions = globSync('actions/*/action.yml')
  .toSorted()
  .map((path): [string, Contract] => [dirname(path), parse(readFileSync(path, 'utf8'))])
const source = (action: string): string =>
  globSync(`${action}/src/**/*.ts`)
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')

test.each(actions)('%s: the code reads exactly the inputs that action.yml declares', (action, { inputs }) => {
  const read = [...source(action).matchAll(/\b(?:required|optional)\(\s*'([a-z-]+)'/g)].map(([, name]) => name)
  expect([...new Set(read)].toSorted()).toEqual(Object.keys(inputs).toSorted())
})

test.each(actions)('%s: runs on node24, from its bundle', (_, { runs }) => {
  expect(runs).toMatchObject({ using: 'node24', main: 'dist/index.js' })
})

test.each(actions)('%s: every input and output is a full sentence', (_, { inputs, outputs }) => {
  const bad = [...Object.entries(inputs), ...Object.entries(outputs)].filter(
    ([, { description = '' }]) => !/^[`A-Z\d'].*\.$/s.test(description.trim()),
  )
  expect(bad.map(([name]) => name)).toEqual([])
})

test.each(actions)('%s: defaults are text, as the runner passes them', (_, { inputs }) => {
  expect(Object.values(inputs).filter(({ default: value }) => value !== undefined && typeof value !== 'string')).toEqual([])
})

test('deploy-service: no default stands in the way of a plan, because the runner passes defaults like inputs', () => {
  const [, { inputs }] = actions.find(([action]) => action.endsWith('deploy-service')) as [string, Contract]
  const defaulted = Object.entries(inputs).flatMap(([name, { default: value }]) => (value === undefined ? [] : [name]))
  const [, own = ''] = /const ONLY_PLAIN = \[([^\]]*)\]/.exec(source('actions/deploy-service')) ?? []
  const excluded = [...PLACE_INPUTS, ...[...own.matchAll(/'([a-z-]+)'/g)].map(([, name = '']) => name)]
  expect(own).toContain('image')
  expect(excluded.length).toBeGreaterThan(10)
  expect(defaulted.filter((name) => excluded.includes(name) || ['digests', 'credentials', 'on-failure'].includes(name))).toEqual(
    [],
  )
})
