import type { Configuration } from '../lib/delivery/configuration.ts'
import { setUpAccount } from '../scripts/account/account.ts'
import type { Clients } from '../scripts/account/clients.ts'
import type { SynthesisedStack } from '../scripts/account/synthesis.ts'
import { rootKeys } from './identity/ministack.ts'

/** Clients of an administrator of an account of MiniStack, or of moto. */
export const clientsAt =
  (endpoint: string, account: string): Clients =>
  (Client, region) =>
    new Client({
      region,
      endpoint,
      credentials: rootKeys(account),
      requestHandler: { requestTimeout: 20_000, connectionTimeout: 5_000, throwOnRequestTimeout: true },
    } as ConstructorParameters<typeof Client>[0])

type Options = { environments?: string[]; isCheck?: boolean; isApplied?: boolean }

/** Runs the command's own work, and keeps what it prints. A refusal is its last line. */
export const runAccount = async (
  clients: Clients,
  configuration: Configuration,
  stacks: readonly SynthesisedStack[],
  { environments = [], isCheck = false, isApplied = false }: Options = {},
): Promise<{ isDone: boolean; lines: string[]; text: string }> => {
  const lines: string[] = []
  const print = (line: string): unknown => lines.push(line)
  const now = () => new Date('2026-11-21T12:00:00Z')
  const given = { configuration, stacks: async () => stacks, environments, isCheck, isApplied, print, poll: 50, now }
  const isDone = await setUpAccount(clients, given).catch((error: Error) => {
    print(`${error.name}: ${error.message}`)
    return false
  })
  return { isDone, lines, text: lines.join('\n') }
}
