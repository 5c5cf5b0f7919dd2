import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { sampleLayout } from '../lib/oci/layout.case.ts'
import { type ReconcileWorld, startReconcileWorld, twoServices } from './reconcile-delivery-world.ts'

/** A `docker` that "builds" by copying a layout. */
const DOCKER = `#!/bin/sh
for argument in "$@"; do case "$argument" in type=oci,*) dest=\${argument#*dest=}; dest=\${dest%%,*};; esac; done
cp -r "$(cat "$(dirname "$0")/layout")" "$dest"
`

const MAIN = join(import.meta.dirname, '..', 'scripts', 'slipway', 'main.ts')

type Ended = { exitCode: number | null; stdout: string; stderr: string }

export type SlipwayWorld = ReconcileWorld & {
  /** Runs the command on a laptop whose AWS profiles are called as the environments. */
  slipway(...args: string[]): Promise<Ended>
  /** The same with something typed. */
  typing(input: string, ...args: string[]): Promise<Ended>
  /** Without any profile. */
  bare(...args: string[]): Promise<Ended>
  /** The digest of what the stand-in for docker gives from now on. */
  willBuild(): string
  /** Sends a signal to the command when it has printed these words. */
  interrupted(words: string, ...args: string[]): Promise<Ended>
}

export const startSlipwayWorld = async (configuration: Configuration = twoServices()): Promise<SlipwayWorld> => {
  const world = await startReconcileWorld(configuration)
  const home = mkdtempSync(join(tmpdir(), 'slipway-home-'))
  const places = { registry: configuration.registry, ...configuration.environments }
  const sections = Object.entries(places).map(([name, { account }]) => {
    const { accessKeyId, secretAccessKey } = world.cloud.adminKey(account)
    return `[shop-${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  })
  writeFileSync(join(home, 'credentials'), sections.join('\n'))
  const bin = join(home, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'docker'), DOCKER, { mode: 0o755 })
  const layouts: string[] = []
  const profiles = Object.keys(places).flatMap((name) => ['--profile', `${name}=shop-${name}`])

  const run = (args: readonly string[], input?: string, interruptAt?: string): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MAIN, ...args], {
        cwd: world.base,
        env: {
          PATH: `${bin}:${process.env['PATH']}`,
          HOME: home,
          AWS_ENDPOINT_URL: world.cloud.endpoint,
          AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      })
      let printed = ''
      child.stdout.on('data', (chunk) => {
        const before = printed
        printed += chunk
        const isThere = (text: string): boolean => interruptAt !== undefined && text.includes(interruptAt)
        if (isThere(printed) && !isThere(before)) child.kill('SIGINT')
      })
      const output = [text(child.stdout), text(child.stderr)] as const
      child.on('error', reject)
      child.on('close', (exitCode) => {
        Promise.all(output).then(([stdout, stderr]) => resolve({ exitCode, stdout, stderr }), reject)
      })
      child.stdin.end(input ?? '')
    })
  return {
    ...world,
    slipway: (...args) => run([...args, ...profiles]),
    typing: (input, ...args) => run([...args, ...profiles], input),
    bare: (...args) => run(args),
    interrupted: (words, ...args) => run([...args, ...profiles], '', words),
    willBuild: () => {
      const { folder, root } = sampleLayout()
      layouts.push(folder)
      writeFileSync(join(bin, 'layout'), folder)
      world.script[root.digest] = { startsAfter: 0.2 }
      return root.digest
    },
    close: async () => {
      await world.close()
      for (const folder of [home, ...layouts]) rmSync(folder, { recursive: true, force: true })
    },
  }
}
