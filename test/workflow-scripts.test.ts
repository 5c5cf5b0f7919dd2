import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readWorld } from '../scripts/workflow-rules/world.ts'

// The scripts of the steps as they stand in the files, run as the runner runs them, with a `gh` that only notes what it is asked.
const { workflows } = readWorld('.')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-scripts-'))
  mkdirSync(join(folder, 'bin'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const scriptOf = (file: string, name: string): string => {
  const steps = Object.values(workflows.find((workflow) => workflow.file === file)?.jobs ?? {}).flatMap((job) => job.steps)
  const found = steps.find((step) => step.name === name)?.run
  if (found === undefined) throw new Error(`${file} has no step '${name}' with a script`)
  return found
}

const runStep = (file: string, name: string, env: Record<string, string>) =>
  new Promise<{ exitCode: number; output: string }>((resolve) => {
    const path = join(folder, 'script.sh')
    writeFileSync(path, scriptOf(file, name))
    const options = { cwd: folder, env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, ...env } }
    execFile('bash', ['-e', path], options, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })

describe('release.yml moves the tag of the major version', () => {
  const name = 'Move the tag of the major version'

  /** `tags` are there already; a question for one that is not ends with 1, as gh does on 404. */
  const release = async (tag: string, tags: string[]): Promise<{ asked: string[]; output: string; exitCode: number }> => {
    const matching = tags.map((each) => `refs/tags/${each}`).join('\\n')
    const script = `#!/bin/sh
echo "$*" >> '${folder}/asked'
case "$*" in
  *matching-refs*) printf '${matching}\\n' ;;
  *git/ref/tags/*) case " ${tags.join(' ')} " in *" \${2##*/} "*) ;; *) exit 1 ;; esac ;;
esac
`
    writeFileSync(join(folder, 'bin/gh'), script, { mode: 0o755 })
    const ended = await runStep('release.yml', name, { GH_REPO: 'acme/slipway', GITHUB_REF_NAME: tag, GITHUB_SHA: 'abc123' })
    const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n') : []
    return { ...ended, asked: asked.filter((line) => line.includes('--method')) }
  }

  test('to the release that is the newest of its major version', async () => {
    expect(await release('v1.10.0', ['v1', 'v1.2.0', 'v1.9.1', 'v1.10.0'])).toMatchObject({
      exitCode: 0,
      asked: ['api --method PATCH repos/acme/slipway/git/refs/tags/v1 --field sha=abc123 --field force=true'],
    })
  })

  test('by creating it where it is missing', async () => {
    expect(await release('v2.0.0', ['v2.0.0'])).toMatchObject({
      exitCode: 0,
      asked: ['api --method POST repos/acme/slipway/git/refs --field ref=refs/tags/v2 --field sha=abc123'],
    })
  })

  test('not back to an older line', async () => {
    const { asked, output, exitCode } = await release('v1.9.2', ['v1', 'v1.9.2', 'v1.10.0'])
    expect({ asked, output, exitCode }).toEqual({
      asked: [],
      output: 'v1 stays at v1.10.0, which is newer than v1.9.2\n',
      exitCode: 0,
    })
  })

  test('and ends red where GitHub does not say which there are', async () => {
    writeFileSync(join(folder, 'bin/gh'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const { exitCode } = await runStep('release.yml', name, { GH_REPO: 'a/b', GITHUB_REF_NAME: 'v1.0.0', GITHUB_SHA: 'abc' })
    expect(exitCode).not.toBe(0)
  })
})

describe.each(['ci.yml', 'release.yml'])('%s compares the bundles with what is committed', (file) => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: folder, encoding: 'utf8' })

  beforeEach(() => {
    git('init', '--quiet')
    mkdirSync(join(folder, 'actions/plan-delivery/dist'), { recursive: true })
    writeFileSync(join(folder, 'actions/plan-delivery/dist/index.js'), 'one')
    git('add', 'actions')
    git('commit', '--quiet', '--message', 'bundles')
  })

  test.each([
    ['nothing has changed', undefined, 0],
    ['a bundle differs', 'actions/plan-delivery/dist/index.js', 1],
    ['a chunk is new', 'actions/plan-delivery/dist/1.index.js', 1],
    ['something else has changed', 'actions/plan-delivery/src.ts', 0],
  ])('%s', async (_, path, exitCode) => {
    if (path !== undefined) writeFileSync(join(folder, path), 'two')
    expect((await runStep(file, 'Compare with what is committed', {})).exitCode).toBe(exitCode)
  })
})

test('ci-ok is green only where no job was red', async () => {
  const count = async (red: string) => (await runStep('ci.yml', 'Count', { RESULTS: '[]', RED: red })).exitCode
  expect([await count('false'), await count('true'), await count('')]).toEqual([0, 1, 1])
})
