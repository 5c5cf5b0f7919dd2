import { ecrRegistry } from '../../actions/reconcile-delivery/src/ecr.ts'
import type { Ports, Source } from '../../actions/reconcile-delivery/src/ports.ts'
import { readBoard } from '../../actions/reconcile-delivery/src/read.ts'
import { repository } from '../../actions/reconcile-delivery/src/repository.ts'
import { ssmLedger } from '../../actions/reconcile-delivery/src/ssm.ts'
import { platforms } from '../../actions/reconcile-delivery/src/targets.ts'
import type { Board } from '../../lib/delivery/board/board.ts'
import { boardMarkdown } from '../../lib/delivery/board/markdown.ts'
import { boardText } from '../../lib/delivery/board/text.ts'
import { systemClock } from '../../lib/runner/clock.ts'
import type { Profiles, StatusCommand } from './arguments.ts'
import { openPlace } from './sessions.ts'

/** Prints the board; resolves to the exit code. */
export const status = async (command: StatusCommand, commit: string, print: (text: string) => void): Promise<number> => {
  const board = await readBoard({ commit, config: command.config }, ports(command.profiles, repository(process.cwd())))
  print(FORMS[command.form](board))
  if (board.environments.every(({ unreadable }) => unreadable !== undefined)) return 1
  return command.failOn === 'drift' && (board.drift || board.unreadable.length > 0) ? 5 : 0
}

const FORMS: Record<StatusCommand['form'], (board: Board) => string> = {
  text: (board) => boardText(board).join('\n'),
  markdown: boardMarkdown,
  json: (board) => JSON.stringify(board, undefined, 2),
}

const ports = (profiles: Profiles, source: Source): Ports => ({
  source,
  openAccount: async ({ place: name, account, region }) => {
    const session = await openPlace({ name, account, region }, profiles)
    return { guard: () => session.guard(), ledger: ssmLedger(session), platforms: platforms(session) }
  },
  openRegistry: async ({ place: name, account, region }) => ecrRegistry(await openPlace({ name, account, region }, profiles)),
  now: systemClock.now,
  sleep: systemClock.sleep,
})
