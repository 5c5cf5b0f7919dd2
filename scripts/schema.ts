import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { configuration } from '../lib/delivery/configuration.ts'

const root = join(import.meta.dirname, '..')
const file = join(root, 'delivery.schema.json')

/** Draft 7, because that is what editors complete from. */
const schema = z.toJSONSchema(configuration, { target: 'draft-7', io: 'input' })

const format = (text: string): string =>
  execFileSync(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--stdin-file-path', file], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  })

const wanted = format(`${JSON.stringify({ title: 'delivery.json', ...schema }, null, 2)}\n`)

if (!process.argv.includes('--check')) writeFileSync(file, wanted)
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('delivery.schema.json is not what the schema in lib/delivery gives; run: node scripts/schema.ts')
  process.exitCode = 1
}
