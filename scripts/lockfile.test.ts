import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Entry = { resolved?: string; optionalDependencies?: Record<string, string>; version?: string }
// Whoever takes this repository puts a service of their own in the place of the sample.
const lockfiles = ['package-lock.json', 'app/package-lock.json'].filter((path) => existsSync(path))
const packages = (path: string): [string, Entry][] => Object.entries(JSON.parse(readFileSync(path, 'utf8')).packages)
const nameOf = (key: string): string => key.replace(/^.*node_modules\//, '')

test.each(lockfiles)('%s carries no download addresses', (path) => {
  expect(packages(path).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

test.each(lockfiles)('%s lists the packages of every platform, so that npm ci passes on each', (path) => {
  const present = new Set(packages(path).map(([key]) => nameOf(key)))
  const missing = packages(path).flatMap(([key, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !present.has(name))
      .map((name) => `${nameOf(key)} lacks ${name}`),
  )
  expect(missing).toEqual([])
})

test('macOS and Windows can check and build this project', () => {
  const names = packages('package-lock.json').map(([key]) => nameOf(key))
  for (const platform of ['darwin-arm64', 'darwin-x64', 'win32-x64', 'linux-x64', 'linux-arm64']) {
    expect(names).toContain(`@biomejs/cli-${platform}`)
    expect(names.some((name) => name.startsWith('@typescript/') && name.endsWith(platform))).toBe(true)
  }
})
