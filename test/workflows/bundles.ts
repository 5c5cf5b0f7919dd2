import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const home = join(root, '.slipway', 'bundles')

/** What goes into bundles, test files not counted. */
const sources = (): string[] =>
  ['actions/*/src/**/*.ts', 'actions/*/action.yml', 'lib/**/*.ts', 'package-lock.json', 'tsconfig*.json']
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((path) => !/\.(test|case)\.ts$/.test(path))
    .toSorted()

const program = (name: string): string => join(root, 'node_modules/.bin', name)

/** The newest three stay: of a few branches that are worked on, or of runs that are under way. */
const removeOlder = (): void => {
  const kept = readdirSync(home)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ path: join(home, name), at: statSync(join(home, name)).mtimeMs }))
    .toSorted((one, other) => other.at - one.at)
  for (const { path } of kept.slice(3)) rmSync(path, { recursive: true, force: true })
}

/**
 * A folder with `actions/NAME/{action.yml,dist}` of all actions, bundled from the sources as they are now. Kept by content,
 * so that it is built once a change; the committed bundles are neither read nor written.
 */
export const bundles = (): string => {
  const paths = sources()
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  const folder = join(home, hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  mkdirSync(home, { recursive: true })
  const draft = mkdtempSync(join(home, '.draft-'))
  try {
    // A copy, so that a change while it is being compiled makes no mixture.
    for (const path of paths) cpSync(join(root, path), join(draft, 'source', path))
    for (const path of ['package.json', 'node_modules']) symlinkSync(join(root, path), join(draft, 'source', path))
    // Types are checked by `npm run check`; JavaScript comes out all the same.
    spawnSync(program('tsc'), ['-p', 'tsconfig.build.json'], { cwd: join(draft, 'source') })
    for (const manifest of globSync('actions/*/action.yml', { cwd: root })) {
      const action = dirname(manifest)
      cpSync(join(root, manifest), join(draft, manifest))
      const entry = join(draft, 'source/build', action, 'src/main.js')
      execFileSync(program('ncc'), ['build', entry, '--out', join(draft, action, 'dist'), '--quiet'], { stdio: 'inherit' })
    }
    rmSync(join(draft, 'source'), { recursive: true })
    renameSync(draft, folder)
    removeOlder()
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}
