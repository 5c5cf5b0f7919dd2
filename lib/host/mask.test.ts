import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useHostFolder } from './host.case.ts'

// What a container answers may name a secret of it, and the job's log, its summary and Slack show the verdict.
const { call } = useHostFolder()

const secret = 'Tr0ub4dör-and-3-horses-9c1f77aa'
/** A part that is long enough to be known again; in JSON, and with what a shell would make of it. */
const parts = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8)).filter((part) => !part.includes('ö'))

let server: Server
let body = ''
beforeEach(async () => {
  server = createServer((_, answer) => answer.writeHead(500).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => server.close())

/** The verdict, and the log after it, of a candidate whose health answer fails. */
const verdictOf = async (answer: string, before: string): Promise<string> => {
  body = answer
  const { port } = server.address() as AddressInfo
  const { code, stdout } = await call(`
    WORK=work OPERATION=deploy PHASE=gate PORT=${port} HEALTH_PATH=/healthz HEALTH_TIMEOUT=0 HEALTHY_COUNT=1
    is_running() { true; }
    address_of() { echo 127.0.0.1; }
    observe() { :; }
    mkdir work
    ${before}
    exec 3>&1 >work/log
    trap report EXIT
    await_health edge-r2 || finish 24 failed "$WHY"`)
  expect(code, stdout).toBe(24)
  for (const part of parts) expect(stdout).not.toContain(part)
  return stdout
}

const known = `echo '${secret}' >work/secrets`
const why = 'the container was not healthy within 0 s: /healthz answered 500'

test.each([40, 50, 60, 70, 80])('a secret that begins at byte %s of an answer is masked whole', async (at) => {
  const stdout = await verdictOf(`${'.'.repeat(at)}${secret}@db:5432\n`, known)
  const shown = `${why} ${`${'.'.repeat(at)}***@db:5432 `.slice(0, 80)}`
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ exit: 24, reason: shown })
  expect(stdout.split('\n').slice(1)).toContainEqual(expect.stringContaining(shown))
})

test('a secret that is longer than what is shown of an answer is masked whole', async () => {
  const stdout = await verdictOf(`key ${secret.repeat(200)}.`, `echo '${secret.repeat(200)}' >work/secrets`)
  expect(stdout).toContain('answered 500 key ***."')
})

test.each([
  ['nobody has read what is secret', ''],
  ['Python fails', `${known}\npython3() { return 127; }`],
])('where %s, nothing of the answer is shown', async (_, before) => {
  const [line = ''] = (await verdictOf(`cannot connect as ${secret}`, before)).split('\n')
  expect(JSON.parse(line).reason.trim()).toBe(why)
})
