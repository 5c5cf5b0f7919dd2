import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { identity, type Role } from '../../lib/delivery/identity.ts'
import { nearest } from '../../lib/delivery/nearest.ts'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { Refusal } from '../../lib/refusal.ts'
import { advise } from './advice.ts'
import { explainToken } from './nearest-role.ts'
import { render } from './render.ts'
import { hasRequest, readToken, requestToken } from './token.ts'

const USAGE = `usage: npm run oidc-explain -- [FILE | -] [--role NAME] [--config delivery.json] [--audience sts.amazonaws.com] [--json]
       npm run --silent oidc-explain -- --trust NAME

Says which of our roles trust an OIDC token of GitHub, and of the nearest one which condition fails. FILE holds the token, or its
claims as JSON; "-" reads standard input; without either, a token is asked for in a job with "id-token: write". The token is
never printed. --trust prints the trust policy of a role, as it belongs into AWS. Ends with 0 where a role (with --role: that role)
trusts the token, else with 1.`

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      role: { type: 'string' },
      trust: { type: 'string' },
      config: { type: 'string', default: 'delivery.json' },
      audience: { type: 'string', default: 'sts.amazonaws.com' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const { roles } = identity(parseConfiguration(readFileSync(values.config, 'utf8'), values.config))
  if (values.trust !== undefined) return console.log(JSON.stringify(roleNamed(roles, values.trust).trust, undefined, 2))
  const asked = values.role === undefined ? roles : [roleNamed(roles, values.role)]
  const token = readToken(await source(positionals[0], values.audience))
  const explanation = explainToken(asked, token.claims)
  if (values.json) console.log(JSON.stringify(asData(explanation), undefined, 2))
  else for (const line of render(token, explanation, Date.now())) console.log(line)
  process.exitCode = explanation.allowed.length > 0 ? 0 : 1
}

const roleNamed = (roles: Role[], name: string): Role => {
  const found = roles.find((role) => role.name === name || role.arn === name)
  if (found !== undefined) return found
  const names = roles.map((role) => role.name)
  const meant = nearest(name, names)
  throw new Refusal(`there is no role '${name}'${meant ? `; was '${meant}' meant?` : ''} The roles are: ${names.join(', ')}`)
}

const source = async (path: string | undefined, audience: string): Promise<string> => {
  if (path === '-') return text(process.stdin)
  if (path !== undefined) return readFileSync(path, 'utf8')
  if (hasRequest(process.env)) return requestToken(process.env, audience)
  if (!process.stdin.isTTY) return text(process.stdin)
  throw new Refusal(`there is no token: name a file, pipe the token in, or run this in a job with 'id-token: write'\n${USAGE}`)
}

const asData = ({ allowed, nearest: near }: ReturnType<typeof explainToken>) => ({
  allowed: allowed.map(({ role }) => role.arn),
  ...(near && {
    nearest: near.role.arn,
    conditions: near.statement.map((condition) => ({ ...condition, ...(condition.holds ? {} : { check: advise(condition) }) })),
  }),
})

try {
  await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isExpected = error instanceof Refusal || 'code' in error
  console.error(isExpected ? `oidc-explain: ${error.message}` : error)
  process.exitCode = 1
}
