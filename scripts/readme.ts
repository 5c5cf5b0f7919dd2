import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parse } from 'yaml'
import { between } from './marked.ts'

type Entry = { description?: string; default?: string; required?: boolean }

/** Writes the tables of inputs and outputs into the README beside each action.yml; with --check only compares. */
const check = process.argv.includes('--check')
const stale: string[] = []

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')

const describe = (action: string, kind: string, name: string, { description }: Entry): string => {
  if (!description?.trim()) throw new Error(`${action}/action.yml: ${kind} '${name}' has no description`)
  return oneLine(description)
}

const inputs = (action: string, entries: Record<string, Entry>): string[] => [
  '| input | default | |',
  '| --- | --- | --- |',
  ...Object.entries(entries).map(([name, entry]) => {
    const value = entry.required ? '**required**' : entry.default ? `\`${oneLine(entry.default)}\`` : ''
    return `| \`${name}\` | ${value} | ${describe(action, 'input', name, entry)} |`
  }),
]

const outputs = (action: string, entries: Record<string, Entry>): string[] => [
  '| output | |',
  '| --- | --- |',
  ...Object.entries(entries).map(([name, entry]) => `| \`${name}\` | ${describe(action, 'output', name, entry)} |`),
]

for (const manifest of globSync('actions/*/action.yml').toSorted()) {
  const action = dirname(manifest)
  const path = `${action}/README.md`
  const contract: { inputs?: Record<string, Entry>; outputs?: Record<string, Entry> } = parse(readFileSync(manifest, 'utf8'))
  const before = readFileSync(path, 'utf8')
  const withInputs = between(before, 'inputs', inputs(action, contract.inputs ?? {}), path)
  const after = between(withInputs, 'outputs', outputs(action, contract.outputs ?? {}), path)
  if (after === before) continue
  if (check) stale.push(path)
  else writeFileSync(path, after)
}
if (stale.length > 0) {
  console.error(`the tables in ${stale.join(', ')} are not those of action.yml: run npm run docs`)
  process.exitCode = 1
}
