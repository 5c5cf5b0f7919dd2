import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { attempt } from '../../lib/git/run.ts'
import { Refusal } from '../../lib/refusal.ts'
import { readCommand, UsageError } from './arguments.ts'
import { checkProfiles } from './sessions.ts'
import { Cancelled } from './terminal.ts'
import { USAGE } from './usage.ts'

const print = (text: string): void => console.log(text)

const run = async (args: readonly string[]): Promise<number> => {
  const command = readCommand(args)
  if (command.verb === 'help') {
    print(USAGE)
    return 0
  }
  const here = process.cwd()
  const head = await attempt(here, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])
  if (head.exitCode !== 0)
    throw new Refusal(`'${here}' is no git repository with a commit: run this in the clone of your project`)
  const commit = head.stdout.trim()
  const { exitCode, stdout } = await attempt(here, ['cat-file', 'blob', `${commit}:${command.config}`])
  if (exitCode !== 0)
    throw new Refusal(`'${command.config}' is not a file of commit ${commit.slice(0, 12)}: commit it, or give --config`)
  const configuration = parseConfiguration(stdout, command.config)
  checkProfiles(command.profiles, configuration)
  // Loaded here, so that a mistake is answered without loading AWS's clients.
  if (command.verb === 'status') return (await import('./status.ts')).status(command, commit, print)
  return (await import('./write.ts')).write(command, configuration)
}

const exitCodeOf = (error: Error): number => {
  if (error instanceof UsageError) return 2
  if (error instanceof Refusal) return 3
  return error instanceof Cancelled ? 130 : 1
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Error)) throw error
  console.error(`slipway: ${error.message}`)
  if (error instanceof UsageError) console.error(`\n${USAGE}`)
  process.exitCode = exitCodeOf(error)
}
