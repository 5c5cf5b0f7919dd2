import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { read, root } from './docs-commands.ts'

const page = read('CONTRIBUTING.md')
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts

/** Those that people start: not what npm runs before another, nor what another is made of. */
const parts = Object.values(scripts).flatMap((text) => [...text.matchAll(/npm run --silent ([\w:-]+)/g)].map(([, name]) => name))
const started = Object.keys(scripts).filter((name) => !name.startsWith('pre') && !parts.includes(name))

test('the page for contributors names every script, and no other', () => {
  const named = [...page.matchAll(/^\| `npm (?:run )?([a-z:-]+)` \|/gm)].map(([, name]) => name)
  expect(named.toSorted()).toEqual(started.toSorted())
})

test('the places that it names are there', () => {
  const places = [...page.matchAll(/^\| `(?!npm )([^`]+)`/gm)].map(([, place = '']) => place)
  expect(places).toContain('infra')
  expect(places.filter((place) => globSync(place.replace('NAME', '*'), { cwd: root }).length === 0)).toEqual([])
})
