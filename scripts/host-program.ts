import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const parts = join(root, 'lib/host/program')
const file = join(root, 'lib/host/program.ts')

const heading = `// Made by scripts/host-program.ts from the parts in program/; edit those.

/** What runs on an EC2 host: a script for bash. */
export const PROGRAM = [
`

/** A string of TypeScript. A dollar before a brace looks like a template that somebody forgot to mark as one. */
const literal = (text: string): string => JSON.stringify(text).replaceAll('${', '\\u0024{')

/** Without comments and empty lines: the document's template must fit into a request to CloudFormation. The first line names bash. */
const bare = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#!') || !/^\s*(#|$)/.test(line))
    .join('\n')

const format = (text: string): string =>
  execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--stdin-file-path', file], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  })

const texts = readdirSync(parts)
  .filter((name) => name.endsWith('.sh'))
  .toSorted()
  .map((name) => literal(bare(readFileSync(join(parts, name), 'utf8'))))

const wanted = format(`${heading}${texts.join(',\n')},\n'',\n].join('\\n')\n`)

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('lib/host/program.ts is not what the parts in lib/host/program give; run: node scripts/host-program.ts')
  process.exitCode = 1
}
