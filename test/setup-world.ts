import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { gitHubClient } from '../lib/github/client.ts'
import { type GitHub, startGitHub } from '../local/github/api/api.ts'
import { memoryGit } from '../local/github/api/memory-git.ts'
import type { GitHubOptions } from '../local/github/api/state.ts'
import { setUp } from '../scripts/setup/set-up.ts'

export type Ended = { out: string; err: string; code: number }

/** Runs a script of `scripts/` as `npm run` does, with nothing of this process's environment but what is given. */
const runScript = async (script: string, args: string[], env: Record<string, string>, input = ''): Promise<Ended> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../scripts', script, 'main.ts'), ...args], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env['PATH'], HOME: tmpdir(), AWS_EC2_METADATA_DISABLED: 'true', ...env },
  })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number }
}

export type SetUpWorld = {
  gitHub: GitHub
  /** As a process of its own. */
  run(script: string, args?: string[], env?: Record<string, string>): Promise<Ended>
  /** The same within this process, which is faster. */
  setUp(isApplied: boolean, token?: string): Promise<{ out: string; isDone: boolean }>
  close(): Promise<void>
}

/** A repository of one commit on `main`, the configuration in a file, and a token of its administrator. */
export const setUpWorld = async (configuration: Configuration, options: GitHubOptions = {}): Promise<SetUpWorld> => {
  const git = memoryGit()
  const gitHub = await startGitHub({ git, teams: [{ slug: 'platform', id: 77 }], ...options })
  git.add('main')
  const folder = mkdtempSync(join(tmpdir(), 'set-up-'))
  const file = join(folder, 'delivery.json')
  writeFileSync(file, JSON.stringify(configuration, undefined, 2))
  const token = gitHub.tokens.forPerson('octocat')
  return {
    gitHub,
    run: (script, args = [], env = {}) =>
      runScript(script, ['--config', file, ...args], { GITHUB_TOKEN: token, GITHUB_API_URL: gitHub.url, ...env }),
    setUp: async (isApplied, by = token) => {
      const lines: string[] = []
      const client = await gitHubClient(by, 'acme/shop', gitHub.url)
      const isDone = await setUp(client, configuration, isApplied, (line) => lines.push(line))
      return { out: lines.join('\n'), isDone }
    },
    close: async () => {
      await gitHub.close()
      rmSync(folder, { recursive: true })
    },
  }
}
