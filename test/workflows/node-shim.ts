import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { guard, unguard } from './data-in-act.ts'

// Stands first on PATH in act's place of the runner: act gives every job the same environment, GitHub gives each its own.
// Prints a nonce, by which the harness finds this process in act's log, asks for that job's environment, and becomes node.
const nonce = randomBytes(16).toString('hex')
process.stdout.write(`slipway-step ${nonce}\n`)
const answer = await fetch(`${process.env['SLIPWAY_STEPS']}/${nonce}`)
if (!answer.ok) throw new Error(await answer.text())
const { env, replace } = (await answer.json()) as { env: Record<string, string>; replace: Record<string, string> }

const { SLIPWAY_STEPS: _, ...inherited } = process.env
const given = Object.entries(inherited).map(([name, value = '']) => [name, unguard(replace[value] ?? value)])
const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit', env: { ...Object.fromEntries(given), ...env } })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))

/** act drops what a failing step printed last unless it has read it by then: a second nonce says that it has. */
const untilRead = async (): Promise<void> => {
  const last = randomBytes(16).toString('hex')
  process.stdout.write(`\nslipway-step ${last}\n`)
  await fetch(`${process.env['SLIPWAY_STEPS']}/read/${last}`)
}

child.on('exit', async (code, signal) => {
  for (const path of [process.env['GITHUB_OUTPUT'], process.env['GITHUB_STATE']])
    if (path !== undefined && existsSync(path)) writeFileSync(path, guard(readFileSync(path, 'utf8')))
  await untilRead()
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 143))
})
