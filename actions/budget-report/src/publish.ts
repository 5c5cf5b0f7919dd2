import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Day } from './calendar.ts'
import type { EnvironmentReport } from './environment-report.ts'
import { isPosted, isRed, NONE, type PostWhen, parseState, type State, stateAfter, turnedRed } from './post-when.ts'
import { type Link, type Message, messages } from './slack/message.ts'
import { type Sent, type Slack, send, type Web } from './slack/send.ts'

export type Wish = {
  postWhen: PostWhen
  stateFile: string | undefined
  mention: string | undefined
  top: number
  links: readonly Link[]
  today: Day
  dryRun: boolean
}

export type Published = { posted: boolean; ladder: readonly Message[]; sent?: Sent }

/**
 * Decides whether the reports are posted, opens the way to Slack, posts them, and remembers what was said. Of several environments a bot posts the
 * details below its message, the first time on a day. Rejects where Slack refused them.
 */
export const publish = async (
  reports: readonly EnvironmentReport[],
  open: (() => Promise<Slack>) | undefined,
  wish: Wish,
  web: Web,
): Promise<Published> => {
  const before = wish.stateFile === undefined ? NONE : await readState(wish.stateFile)
  const ladder = messages({
    reports,
    links: wish.links,
    mention: turnedRed(reports, before) ? wish.mention : undefined,
    top: wish.top,
    short: reports.every(
      ({ status, incomplete, budgets }) =>
        !isRed(status) && status !== 'watch' && !incomplete && budgets.every(({ unhealthy }) => unhealthy === undefined),
    ),
  })
  const isWanted = isPosted(wish.postWhen, reports, before)
  if (open === undefined || !isWanted || wish.dryRun) {
    if (!wish.dryRun && wish.stateFile !== undefined)
      await writeState(wish.stateFile, stateAfter(reports, before, { day: wish.today }))
    return { posted: false, ladder }
  }
  const slack = await open()
  // Who is to be called would not hear of an edit.
  const again = before.day === wish.today && !turnedRed(reports, before) ? before.ts : undefined
  const sent = await send(slack.kind === 'bot' && again !== undefined ? { ...slack, ts: again } : slack, ladder, web)
  const message = { day: wish.today, ...(sent.ts !== undefined && { ts: sent.ts }) }
  // Only now: what was not said must be said the next time.
  if (wish.stateFile !== undefined) await writeState(wish.stateFile, stateAfter(reports, before, message))
  if (slack.kind === 'bot' && again === undefined && sent.ts !== undefined && reports.length > 1) {
    for (const report of reports) {
      const details = messages({ reports: [report], links: [], mention: undefined, top: wish.top, short: false })
      const answer = await send({ ...slack, thread: sent.ts }, details, web).catch(({ message }: Error) => ({ warning: message }))
      if (answer.warning !== undefined) sent.warning = `details of ${report.place.environment}: ${answer.warning}`
    }
  }
  return { posted: sent.result === 'posted', ladder, sent }
}

const readState = async (path: string): Promise<State> => {
  try {
    return parseState(await readFile(path, 'utf8'))
  } catch {
    return NONE
  }
}

const writeState = async (path: string, state: State): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(state)}\n`)
}
