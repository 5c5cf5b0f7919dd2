import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

const copies = new Map<string, string>()

process.once('exit', () => {
  for (const folder of copies.values()) rmSync(folder, { recursive: true, force: true })
})

/**
 * The committed bundle of an action: what a runner would start. It is copied when it is first asked for, so that a build
 * meanwhile cannot mix two versions in one run.
 */
export const bundleOf = (action: string): string => {
  const known = copies.get(action)
  if (known !== undefined) return join(known, 'index.js')
  const bundle = join(root, 'actions', action, 'dist')
  if (!existsSync(join(bundle, 'index.js')))
    throw new Error(`actions/${action}/dist/index.js is missing: run npm run build first`)
  const copy = mkdtempSync(join(tmpdir(), 'slipway-bundle-'))
  cpSync(bundle, copy, { recursive: true })
  copies.set(action, copy)
  return join(copy, 'index.js')
}

const tool = (name: string): string => join(root, 'node_modules', '.bin', name)

/** Every `import('x')` becomes a static import, so that nothing is left for later. Packages are not touched. */
const withoutLazyImports = (code: string): string => {
  const found: string[] = []
  const rewritten = code.replaceAll(/\bimport\((['"])([^'"]+)\1\)/g, (_, _quote, module: string) => {
    if (!found.includes(module)) found.push(module)
    return `Promise.resolve(eager${found.indexOf(module)})`
  })
  return [...found.map((module, index) => `import * as eager${index} from '${module}'`), rewritten].join('\n')
}

export type Eager = { entry: string; remove(): void }

/** The same sources and the same bundler, but everything is loaded at the start. */
export const eagerBundle = (action: string): Eager => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-eager-'))
  const emitted = join(folder, 'build')
  mkdirSync(emitted)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  execFileSync(tool('tsc'), ['-p', join(root, 'tsconfig.build.json'), '--outDir', emitted], { cwd: root })
  for (const path of globSync('**/*.js', { cwd: emitted })) {
    const file = join(emitted, path)
    writeFileSync(file, withoutLazyImports(readFileSync(file, 'utf8')))
  }
  const entry = join(emitted, 'actions', action, 'src', 'main.js')
  execFileSync(tool('ncc'), ['build', entry, '--out', join(folder, 'dist'), '--quiet'], { cwd: folder })
  return { entry: join(folder, 'dist', 'index.js'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
