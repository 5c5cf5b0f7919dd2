import { advise } from './advice.ts'
import type { ConditionResult } from './evaluate.ts'
import type { Explanation, Nearest } from './nearest-role.ts'
import type { Token } from './token.ts'

const ISSUER = 'https://token.actions.githubusercontent.com'

/** What a person reads. Claims are other people's text, so nothing of them starts a line or leaves it. */
export const render = ({ claims, issuer, expiresAt }: Token, { allowed, nearest }: Explanation, now: number): string[] => [
  `token of ${shown(claims['repository'])}, ${shown(claims['ref'])}, environment ${shown(claims['environment'])}, event ${shown(claims['event_name'])}`,
  ...(issuer === ISSUER || issuer === ''
    ? []
    : [`warning: issued by ${shown(issuer)}, which no role trusts: AWS knows GitHub as ${ISSUER}`]),
  ...(expiresAt !== undefined && expiresAt <= now
    ? [`warning: expired at ${new Date(expiresAt).toISOString()}: STS answers ExpiredTokenException whatever the claims are`]
    : []),
  ...(allowed.length > 0
    ? ['it may assume:', ...allowed.flatMap(({ role, statement }) => [`  ${role.name} (${role.arn})`, ...statement.map(line)])]
    : ['no role trusts this token']),
  ...(nearest === undefined ? [] : nearestLines(nearest)),
]

const nearestLines = ({ role, statement }: Nearest): string[] => [
  `nearest: ${role.name} (${role.arn})`,
  ...statement.flatMap((condition) => [line(condition), ...(condition.holds ? [] : details(condition))]),
]

const line = ({ claim, holds, received }: ConditionResult): string =>
  `    ${holds ? 'ok  ' : 'FAIL'}  ${claim}${holds ? ` = ${shown(received)}` : ''}`

const details = (condition: ConditionResult): string[] => [
  `            expected  ${condition.expected.map(shown).join(' or ')}`,
  `            received  ${shown(condition.received)}`,
  `            check     ${advise(condition)}`,
]

/** As it is where it is plain; in quotes, with its control characters escaped, where it is not. */
const shown = (text: string | undefined): string => {
  if (text === undefined) return '(none)'
  return /^[\x21-\x7e]{1,500}$/.test(text) ? text : JSON.stringify(text.slice(0, 500)).replaceAll(/[^\x20-\x7e]/g, '?')
}
