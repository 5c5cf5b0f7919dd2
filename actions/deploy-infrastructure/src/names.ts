/** The run that asks: every name and token begins with it, so that a later attempt knows what is its own. */
export type RunId = { id: string; attempt: string }

const PREFIX = 'slipway-'

/** Name of a change set. The same attempt gives the same name for the same template, so that it is made once. */
export const changeSetName = (purpose: 'prepare' | 'execute' | 'sync' | 'finish', run: RunId, fingerprint: string): string =>
  `${PREFIX}${purpose}-${run.id}-${run.attempt}-${fingerprint.slice(0, 8)}`

/** Token of an operation: the same for every repetition of the same request, another one for the next change set. */
export const tokenOf = ({ id, attempt }: RunId, arn: string): string =>
  `${tokensOf(id)}${attempt}-${(/[^/]*$/.exec(arn)?.[0] ?? '').replaceAll(/[^A-Za-z0-9-]/g, '').slice(-36)}`

/** How the tokens of every attempt of a run begin. */
export const tokensOf = (id: string): string => `${PREFIX}${id}-`

/** Whether an operation was begun by this action, in whatever run. */
export const isToken = (token: string): boolean => token.startsWith(PREFIX)
