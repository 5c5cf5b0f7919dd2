/** The run that asks: every name and token begins with it, so that a later attempt knows what is its own. */
export type RunId = { id: string; attempt: string }

const PREFIX = 'slipway-'

/** Name of a change set. The same attempt gives the same name for the same template, so that it is made once. */
export const changeSetName = (purpose: 'prepare' | 'execute' | 'sync' | 'finish', run: RunId, fingerprint: string): string =>
  `${PREFIX}${purpose}-${run.id}-${run.attempt}-${fingerprint.slice(0, 8)}`

/** What an operation is for: what was approved, telling CloudFormation what is recorded, or what a failed creation left. */
export type Aim = 'change' | 'sync' | 'delete'

/** Token of an operation: the same for every repetition of the same request, another one for the next change set or stack. */
export const tokenOf = ({ id, attempt }: RunId, aim: Aim, arn: string): string =>
  `${tokensOf(id)}${attempt}-${aim}-${(/[^/]*$/.exec(arn)?.[0] ?? '').replaceAll(/[^A-Za-z0-9-]/g, '').slice(-36)}`

/** Whether an operation brings what is recorded: taken back, it would bring what was recorded before. */
export const isSync = (token: string): boolean => token.includes('-sync-')

export const isDeletion = (token: string): boolean => token.includes('-delete-')

/** Token of the request that takes an operation back. */
export const backOf = (token: string): string => `${token}-back`

/** Token of the operation itself, also of the request that takes it back. */
export const operationOf = (token: string): string => token.replace(/-back$/, '')

/** How the tokens of every attempt of a run begin. */
export const tokensOf = (id: string): string => `${PREFIX}${id}-`

/** Whether an operation was begun by this action, in whatever run. */
export const isToken = (token: string): boolean => token.startsWith(PREFIX)
