import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { configuration as schema } from '../lib/delivery/configuration.ts'
import { environment } from '../lib/delivery/schema/environment.ts'
import { service } from '../lib/delivery/schema/service.ts'
import { changed, ENVIRONMENT, SERVICE, WHOLE } from './administrators.case.ts'
import { administratorStacks } from './delivery.ts'

/** The templates that a person deploys. */
const templates = (configuration: Configuration): string => {
  const key = JSON.stringify(configuration)
  const known = made.get(key)
  if (known !== undefined) return known
  const app = new App({ analyticsReporting: false })
  administratorStacks(app, configuration)
  const text = JSON.stringify(app.synth().stacks.map(({ stackName, template, tags }) => [stackName, template, tags]))
  made.set(key, text)
  return text
}

const made = new Map<string, string>()

const differ = (one: Configuration, other: Configuration): boolean => templates(one) !== templates(other)

/** The keys in the list of that section. */
const documented = (): string[] => {
  const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'set-up.md'), 'utf8')
  const [, list = ''] = /\n### When it is needed again\n[\s\S]*?\n\n((?:[- ] .*\n)+)/.exec(text) ?? []
  return [...list.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key)
}

/** Of those that change the templates of a person. */
const found = (): string[] => [
  ...Object.entries(WHOLE)
    .filter(([, { before, change }]) => differ(changed(before), changed(change)))
    .map(([key]) => key),
  ...Object.entries({ ...ENVIRONMENT, ...SERVICE })
    .filter(([, change]) => differ(changed(), changed(change)))
    .map(([key]) => key),
]

describe('what a person has to deploy before the pipeline can', () => {
  it('is named in set-up.md, key by key, and nothing else is', () => {
    expect(documented().toSorted()).toEqual([...new Set(found())].toSorted())
  }, 180_000)

  it('is known of every key that delivery.json may have', () => {
    const said = (cases: object): Set<string> => new Set(Object.keys(cases).map((key) => key.split(/[,:]/)[0] ?? ''))
    const missing = (keys: string[], cases: object): string[] => keys.filter((key) => !said(cases).has(key))
    const ofService = service.options
      .flatMap(({ shape }) => Object.keys(shape))
      .filter((key) => !['target', 'image'].includes(key))
    expect(missing(Object.keys(environment.shape), ENVIRONMENT)).toEqual([])
    expect(missing(ofService, SERVICE)).toEqual([])
    expect(missing(Object.keys(schema.shape), { ...WHOLE, $schema: 1 })).toEqual([])
  })
})
