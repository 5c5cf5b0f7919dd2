import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sampleLayout } from '../lib/oci/layout.case.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import { type RunningStep, type Step, startAction } from '../local/github/step.ts'
import type { Scenario } from '../local/scenario.ts'

export const account = '111111111111'
export const otherAccount = '222222222222'
export const region = 'eu-west-1'

export type BuildWorld = Awaited<ReturnType<typeof startBuildWorld>>

const SOURCE = join(import.meta.dirname, '..', 'actions', 'build-push-image', 'src', 'main.ts')

/** A `docker` that notes its arguments and "builds" by copying a layout; what else it does is read from files beside it. */
const DOCKER = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/calls"
[ -e "$here/script" ] && . "$here/script"
for argument in "$@"; do case "$argument" in type=oci,*) dest=\${argument#*dest=}; dest=\${dest%%,*};; esac; done
cp -r "$(cat "$here/layout")" "$dest"
`

/** The local cloud with an immutable and a mutable repository, a clone with one commit, and a stand-in for docker. */
export const startBuildWorld = async (scenario: Partial<Scenario> = {}) => {
  const base = mkdtempSync(join(tmpdir(), 'build-world-'))
  const workspace = join(base, 'clone')
  const bin = join(base, 'bin')
  const temporary = join(base, 'temporary')
  for (const folder of [workspace, bin, temporary]) mkdirSync(folder)
  writeFileSync(join(bin, 'docker'), DOCKER)
  chmodSync(join(bin, 'docker'), 0o755)
  const cloud: Cloud = await startCloud({
    scenario: {
      accounts: [account, otherAccount],
      roles: [],
      repositories: [
        { account, region, name: 'shop/app', tagMutability: 'IMMUTABLE' },
        { account, region, name: 'shop/moving' },
      ],
      ...scenario,
    },
  })
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: workspace,
      encoding: 'utf8',
    }).trim()
  const commit = (files: Record<string, string>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true })
      writeFileSync(join(workspace, path), content)
    }
    git('add', '-A')
    git('commit', '-q', '-m', 'change')
    return git('rev-parse', 'HEAD')
  }
  git('init', '-q', '-b', 'dev')
  commit({ 'app/Dockerfile': 'FROM scratch\n', 'README.md': 'hello\n' })

  const layouts: string[] = []
  /** What the next builds give. */
  const willBuild = (...options: Parameters<typeof sampleLayout>) => {
    const layout = sampleLayout(...options)
    layouts.push(layout.folder)
    writeFileSync(join(bin, 'layout'), layout.folder)
    return layout
  }
  const keys = (of: string) => {
    const { accessKeyId, secretAccessKey } = cloud.adminKey(of)
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  }
  const start = (inputs: Record<string, string> = {}, env: Record<string, string> = {}, entry = SOURCE): RunningStep =>
    startAction(
      'build-push-image',
      { context: 'app', repository: 'shop/app', 'aws-account-id': account, 'aws-region': region, ...inputs },
      {
        entry,
        env: {
          AWS_ENDPOINT_URL: cloud.endpoint,
          ...keys(account),
          GITHUB_WORKSPACE: workspace,
          GITHUB_SHA: git('rev-parse', 'HEAD'),
          RUNNER_TEMP: temporary,
          PATH: `${bin}:${process.env['PATH']}`,
          ...env,
        },
      },
    )
  return {
    cloud,
    git,
    commit,
    keys,
    willBuild,
    start,
    run: (inputs?: Record<string, string>, env?: Record<string, string>): Promise<Step> => start(inputs, env).done,
    /** Shell lines that the stand-in for docker runs before it builds. */
    script: (lines: string): void => writeFileSync(join(bin, 'script'), lines),
    dockerCalls: (): string[] =>
      existsSync(join(bin, 'calls')) ? readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n') : [],
    /** What the action left in the runner's temporary folder. */
    leftovers: (): string[] => readdirSync(temporary),
    bin,
    /** AWS calls since a mark, `ecr:PutImage` with how it reached the cloud. */
    calls: (since = 0): string[] =>
      cloud.recorder
        .calls({ since })
        .map(({ service, operation, via }) => `${via === 'registry' ? 'registry ' : ''}${service}:${operation}`),
    close: async (): Promise<void> => {
      await cloud.close()
      for (const folder of [base, ...layouts]) rmSync(folder, { recursive: true, force: true })
    },
  }
}
