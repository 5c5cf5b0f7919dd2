import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { configuration } from '../lib/delivery/configuration.ts'
import { between } from './marked.ts'
import { keyTables } from './schema-keys.ts'

const root = join(import.meta.dirname, '..')
const [file, page] = ['delivery.schema.json', 'docs/delivery-json.md']

/** Draft 7, because that is what editors complete from. */
const schema = z.toJSONSchema(configuration, { target: 'draft-7', io: 'input' })

const format = (text: string): string =>
  execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--stdin-file-path', file], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  })

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const wanted = {
  [file]: format(`${JSON.stringify({ title: 'delivery.json', ...schema }, null, 2)}\n`),
  [page]: Object.entries(keyTables()).reduce((text, [place, lines]) => between(text, place, lines, page), read(page)),
}

for (const [path, text] of Object.entries(wanted)) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, path), text)
  else if (read(path) !== text) {
    console.error(`${path} is not what the schema in lib/delivery gives; run: npm run schema`)
    process.exitCode = 1
  }
}
