import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { PROGRAM } from './program.ts'
import { parseVerdict } from './verdict.ts'

/** As an image of the service's repository, by digest. */
export const imageOf = (letter: string): string => `registry.test/shop/app@sha256:${letter.repeat(64)}`

/** What a host file must say. */
export const needed = { REPOSITORY: 'registry.test/shop/app', REGION: 'eu-west-1', NETWORK: 'shop' }

/** A worker that is replaced as fast as that goes. */
export const worker = {
  ...needed,
  ...{ MIN_FREE_MB: '1', MIN_FREE_INODES: '1', MIN_MEMORY_MB: '1', RUNNING_SECONDS: '0', BAKE_SECONDS: '0', TEST_HOST: 'yes' },
}

/**
 * An engine without containers: each is a line `running|exited POLICY IMAGE` in the file of its name in `containers/`. What it is told
 * is in `docker.log`; `hook` is read first, and may answer in its place.
 */
const ENGINE = `#!/bin/bash
cd "\${0%/*}/../containers" || exit 1
echo "$*" >>../docker.log
name=\${!#}
[[ ! -f ../hook ]] || . ../hook
of() { read -r state policy image <"$1"; }
put() { echo "$state $policy $image" >"$1"; }
case "$1 $*" in
  info*) echo / ;;
  ps*slipway.run*) ;;
  ps*) for name in *; do
      [[ -f $name ]] || continue
      of "$name"
      case "$*" in *status=*) [[ "$*" == *"status=$state"* ]] || continue ;; esac
      echo "$name"
    done ;;
  image*inspect*range*RepoDigests*) of "$name"; echo "$image " ;;
  image*inspect*RepoDigests*) echo "[$name] " ;;
  run*) while [[ $1 != --name ]]; do shift; done; state=running policy=no image=$name; put "$2" ;;
  start* | stop* | update* | inspect*)
    [[ -f $name ]] || exit 1
    of "$name"
    case "$1 $*" in
      start*) state=running; put "$name" ;;
      stop*) state=exited; put "$name" ;;
      update*) policy=$3; put "$name" ;;
      *State.Running*) [[ $state == running ]] && echo true || echo false ;;
      *State.Status*) echo "$state 0 false" ;;
      *RestartPolicy*) echo "$policy" ;;
      *slipway.release*) echo "\${name#edge-}" ;;
      *slipway.image*) echo "$image" ;;
      *ExitCode*) echo 0 ;;
      *.Image*) echo "$name" ;;
    esac ;;
  rm*) rm -f "$name" ;;
  manifest*) exit 1 ;;
  login*) cat >/dev/null ;;
esac
`

type Ended = { code: number | string; stdout: string; stderr: string; verdict: ReturnType<typeof parseVerdict> }

const end = (file: string, env: Record<string, string>, cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    execFile('/bin/bash', [file], { env, cwd }, (error, stdout, stderr) =>
      resolve({ code: error?.signal ?? error?.code ?? 0, stdout, stderr, verdict: parseVerdict(stdout) }),
    )
  })

/** For a file of tests: a folder that stands for a host with the service `edge`, empty before each test. */
export const useHostFolder = () => {
  let root = ''
  const path = (...names: string[]): string => join(root, ...names)
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text, { mode })
  }
  const environment = () => ({ PATH: `${path('bin')}:/usr/bin:/bin`, SLIPWAY_ROOT: root })
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-program-'))
    mkdirSync(path('etc/slipway'), { recursive: true })
    write('bin/program', PROGRAM)
  })
  afterEach(() => rmSync(root, { recursive: true }))
  return {
    path,
    write,
    read: (name: string): string => readFileSync(path(name), 'utf8'),
    /** Writes the host file. */
    describe: (settings: Record<string, string>): void =>
      write(
        'etc/slipway/edge.env',
        Object.entries(settings)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      ),
    /** Another program instead of one that the host has. */
    command: (name: string, script: string): void => write(`bin/${name}`, `#!/bin/sh\n${script}\n`, 0o755),
    /** Puts up the engine above, with these containers by release, and what the host has on record. */
    engine: (containers: Record<string, string>, state: Record<string, string>): void => {
      write('bin/docker', ENGINE, 0o755)
      write('bin/aws', '#!/bin/sh\necho password\n', 0o755)
      write('docker.log', '')
      mkdirSync(path('containers'))
      for (const [release, line] of Object.entries(containers)) write(`containers/edge-${release}`, `${line}\n`)
      for (const [file, line] of Object.entries(state)) write(`var/lib/slipway/edge/${file}`, `${line}\n`)
    },
    /** With no more than the agent gives: no HOME, and the parameters as variables. */
    run: (parameters: Record<string, string>, more: Record<string, string> = {}): Promise<Ended> => {
      const given = Object.entries({ Operation: 'deploy', Service: 'edge', Release: 'r1', ...parameters })
      const variables = Object.fromEntries(given.map(([name, value]) => [`SSM_${name}`, value]))
      return end(path('bin/program'), { ...environment(), ...variables, ...more }, root)
    },
    /** Only functions of the program, called by `script`. */
    call: (script: string): Promise<Ended> => {
      mkdirSync(path('state'))
      const given = 'SERVICE=edge NAME=edge WORK=. STATE=state\n'
      write('functions', `${PROGRAM.replace(/\nmain\n$/, '\n')}${given}${script}\n`)
      return end(path('functions'), environment(), root)
    },
  }
}
