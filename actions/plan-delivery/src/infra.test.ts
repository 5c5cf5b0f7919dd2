import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { travelling } from './infra.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Every file of the repository that a module imports, itself included. */
const imported = (file: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g))
    imported(join(dirname(file), path), seen)
  return seen
}

it('what the CDK app imports is compared, and no file beside it is needed', () => {
  const app: { app: string } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'))
  expect(app.app).toMatch(/^node (--\S+ )*infra\/app\.ts$/)
  const paths = travelling('delivery.json')
  const files = [...imported(join(root, 'infra/app.ts'))].map((file) => relative(root, file))
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((file) => !paths.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([])
  const there = readdirSync(root)
  for (const path of paths) expect(there).toContain(path.split('/')[0])
})
