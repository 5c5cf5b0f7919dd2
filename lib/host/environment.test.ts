import { expect, test } from 'vitest'
import { useHostFolder } from './host.case.ts'

const { call, read } = useHostFolder()

/** A host whose secret is this text, and whose parameters have two variables. */
const given = (secret: string): string => `
  ROOT=. SERVICE=edge REGION=eu-west-1 PARAMETERS=/shop/dev/edge/env SECRET=shop/dev/edge SECRETS='DATABASE_URL TOKEN'
  aws() {
    echo "aws $*" >>asked
    case "$*" in
      ssm*) echo '{"Parameters":[{"Name":"/shop/dev/edge/env/LEVEL","Value":"info","Type":"String"}]}' ;;
      secretsmanager*) ${secret} ;;
    esac
  }
  read_environment`

test('the environment of a container is its parameters, and of its secret what the host file names', async () => {
  const { code, stdout } = await call(given(`echo '{"DATABASE_URL":"postgres://a=b#c","TOKEN":"hunter2","OTHER":"no"}'`))
  expect(code, stdout).toBe(0)
  expect(read('environment')).toBe('LEVEL=info\nDATABASE_URL=postgres://a=b#c\nTOKEN=hunter2\n')
  expect(read('secrets')).toBe('postgres://a=b#c\nhunter2\n')
  expect(read('asked')).toContain(
    'aws secretsmanager get-secret-value --secret-id shop/dev/edge --region eu-west-1 --query SecretString --output text\n',
  )
})

test.each([
  ['is not there', 'return 254', /^the secret shop\/dev\/edge is not there, or this host may not read it$/],
  ['lacks a value', `echo '{"TOKEN":"hunter2"}'`, /no JSON object with a text under DATABASE_URL$/],
  ['has one that is no text', `echo '{"DATABASE_URL":5,"TOKEN":"hunter2"}'`, /no JSON object with a text under DATABASE_URL$/],
  ['is a list', `echo '[]'`, /no JSON object with a text under DATABASE_URL$/],
  ['is no JSON', 'echo hunter2', /^the secret shop\/dev\/edge cannot be used: json\.decoder\.JSONDecodeError: Expecting value/],
  ['has a value of two lines', `echo '{"DATABASE_URL":"a\\nb","TOKEN":"c"}'`, /DATABASE_URL has more than one line/],
])('a secret that %s is refused before anything is pulled', async (_, secret, reason) => {
  const { stdout } = await call(`finish() { echo "$1 $3"; exit "$1"; }\n${given(secret)}`)
  expect(stdout.trim()).toMatch(/^22 /)
  expect(stdout.trim().slice(3)).toMatch(reason)
  expect(stdout).not.toContain('hunter2')
})
