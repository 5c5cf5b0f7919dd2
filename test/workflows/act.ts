import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installTool } from '../../scripts/tools.ts'
import type { ActLog } from './act-log.ts'
import { guard } from './data-in-act.ts'

/** Every label of our files; one that is missing would be skipped by act without an error, and is found by `deviations`. */
const LABELS = ['ubuntu-24.04', 'ubuntu-latest']

/**
 * Keys that GitHub has and act 0.2.87 refuses. act acts on neither `environment` nor `concurrency`, so that nothing is lost;
 * only the copy that act reads lacks these lines. What a job checks out has the file as it is.
 */
const UNKNOWN_TO_ACT = /^ +(deployment: false|queue: max) *\n/gm

export const forAct = (text: string): string => text.replace(UNKNOWN_TO_ACT, '')

/** The folder that act is started in: the workflow files and nothing else. */
const prepare = ({ folder, workflows, file: started, text }: ActOptions): string => {
  const target = join(folder, 'work')
  cpSync(workflows, join(target, '.github/workflows'), { recursive: true })
  for (const file of readdirSync(workflows)) {
    const path = join(target, '.github/workflows', file)
    writeFileSync(path, forAct(file === started && text !== undefined ? text : readFileSync(path, 'utf8')))
  }
  return target
}

/** A folder for PATH with a `node` that is ours. No shell between: one drops variables such as `INPUT_FETCH-DEPTH`. */
const nodeFolder = (folder: string): string => {
  const bin = join(folder, 'node')
  mkdirSync(bin)
  const shim = pathToFileURL(join(import.meta.dirname, 'node-shim.ts'))
  writeFileSync(join(bin, 'node'), `#!${process.execPath}\nimport('${shim}')\n`)
  chmodSync(join(bin, 'node'), 0o755)
  return bin
}

const checkouts = (workflows: string): string[] => {
  const texts = readdirSync(workflows).map((file) => readFileSync(join(workflows, file), 'utf8'))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/uses: (actions\/checkout@\S+)/g)].map(([, used = '']) => used)))]
}

export type ActOptions = {
  /** Made here, removed by the caller. */
  folder: string
  /** `.github/workflows` of the commit that the run is of. */
  workflows: string
  file: string
  /** Instead of the file's own, see `continuation`. */
  text?: string
  event: string
  /** Only this job and what it needs. */
  job?: string
  payload: object
  env: Record<string, string>
  /** Folders in front of the rest of PATH. */
  path: string[]
  token: string
  log: ActLog
}

/** Runs one workflow file in host mode to its end, and fills the log. Resolves to act's exit code. */
export const act = async (options: ActOptions): Promise<number | null> => {
  const { folder, workflows, file, event, payload, token, log } = options
  const program = await installTool('act', (line) => console.error(line))
  mkdirSync(folder)
  const work = prepare(options)
  const home = join(folder, 'home')
  mkdirSync(home)
  writeFileSync(join(folder, 'event.json'), guard(JSON.stringify(payload)))
  const args = [
    ...[event, '--json', '--no-skip-checkout', '--no-cache-server', '--artifact-server-addr', '127.0.0.1'],
    ...['--directory', work, '--workflows', join(work, '.github/workflows', file), '--eventpath', join(folder, 'event.json')],
    ...['--action-cache-path', join(folder, 'cache'), '--concurrent-jobs', '4', '--secret', `GITHUB_TOKEN=${token}`],
    ...(options.job === undefined ? [] : ['--job', options.job]),
    ...LABELS.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
    ...checkouts(workflows).flatMap((used) => ['--local-repository', `${used}=${join(import.meta.dirname, 'checkout')}`]),
    ...Object.entries(options.env).flatMap(([name, value]) => ['--env', `${name}=${guard(value)}`]),
  ]
  const PATH = [nodeFolder(folder), ...options.path, process.env['PATH']].join(':')
  const git = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const child = spawn(program, args, {
    cwd: work,
    env: { PATH, HOME: home, LANG: 'C.UTF-8', ...git },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = () => {
    let rest = ''
    return (chunk: string): void => {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) if (line !== '') log.add(line)
    }
  }
  child.stdout.setEncoding('utf8').on('data', lines())
  child.stderr.setEncoding('utf8').on('data', lines())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
}
