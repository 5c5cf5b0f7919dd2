// Runs before `npm start`, `npm run cloud` and `npm test`, with whatever Node the shell has: plain JavaScript, no dependency.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const packagesOf = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages

/** Compared by content: times of files say nothing after a switch of branches. Optional packages are those of other systems. */
const isInstalled = () => {
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false
  const [wanted, present] = [packagesOf('package-lock.json'), packagesOf('node_modules/.package-lock.json')]
  const names = Object.keys(wanted).filter((name) => name !== '')
  if (Object.keys(present).some((name) => !wanted[name])) return false
  return names.every((name) =>
    present[name] ? present[name].version === wanted[name].version : wanted[name].optional || wanted[name].devOptional,
  )
}

const install = () => {
  console.error('installing the packages of the lock file (npm ci) …')
  const started = Date.now()
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' }
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], options)
  if (status !== 0) {
    console.error('npm ci failed; what it says above is the cause. Nothing else was started')
    process.exit(1)
  }
  console.error(`packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** The project brings its own Node, because it runs TypeScript as it is; npm puts it first on the PATH of its scripts. */
const checkNode = () => {
  const { stdout } = spawnSync(join(root, 'node_modules/node/bin/node'), ['--version'], { encoding: 'utf8' })
  if (Number(/^v(\d+)/.exec(stdout || '')?.[1]) >= 24) return
  const remedy = 'run: npm ci --ignore-scripts=false'
  console.error(`the project's own Node is not in node_modules; its package installs it by a script, so ${remedy}`)
  process.exit(1)
}

if (!isInstalled()) install()
checkNode()
