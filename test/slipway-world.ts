import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { type ReconcileWorld, startReconcileWorld, twoServices } from './reconcile-delivery-world.ts'

const MAIN = join(import.meta.dirname, '..', 'scripts', 'slipway', 'main.ts')

export type Ended = { exitCode: number | null; stdout: string; stderr: string }

export type SlipwayWorld = ReconcileWorld & {
  /** Runs the command on a laptop whose AWS profiles are called as the environments. */
  slipway(...args: string[]): Promise<Ended>
  /** The same with something typed. */
  typing(input: string, ...args: string[]): Promise<Ended>
  /** Without any profile. */
  bare(...args: string[]): Promise<Ended>
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
  const profiles = Object.keys(places).flatMap((name) => ['--profile', `${name}=shop-${name}`])

  const run = (args: readonly string[], input?: string, interruptAt?: string): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MAIN, ...args], {
        cwd: world.base,
        env: {
          PATH: process.env['PATH'],
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
    close: async () => {
      await world.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
