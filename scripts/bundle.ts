import { execFileSync } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

// tsc has emitted JavaScript to build/: ncc's own TypeScript loader does not work with TypeScript 7.
for (const manifest of globSync('actions/*/action.yml').toSorted()) {
  const action = dirname(manifest)
  const entry = `build/${action}/src/main.js`
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run tsc -p tsconfig.build.json first`)
  rmSync(`${action}/dist`, { recursive: true, force: true })
  execFileSync('ncc', ['build', entry, '--out', `${action}/dist`, '--license', 'licenses.txt', '--quiet'], { stdio: 'inherit' })
}
