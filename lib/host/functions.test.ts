import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { useHostFolder } from './host.case.ts'

// Single functions of the program, where what they ask does not answer as it should.
const { call } = useHostFolder()

test('an answer that breaks off is none, whatever its status was', async () => {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-length': '10' }).write('OK')
    setTimeout(() => answer.destroy(), 20)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { stdout } = await call(`if ask http://127.0.0.1:${port}/; then echo "healthy: $ANSWER"; else echo "$ANSWER"; fi`)
  server.close()
  expect(stdout).toMatch(/^curl: \(18\)/)
})

test('a container that is in no network any more gets its place in it all the same', async () => {
  const docker = 'docker() { [[ "$1 $2" != "network disconnect" ]] && echo "$*"; }'
  const { code, stdout } = await call(`${docker}\nNETWORK=shop\nmove_to_slot edge-r1 green >connected && tail -n 1 connected`)
  expect([code, stdout]).toEqual([0, 'network connect --alias edge-green shop edge-r1\n'])
})

describe('a proxy that does not answer once', () => {
  /** Looks that succeed with so many requests in flight; `-` is no answer. */
  const looks = (...answers: string[]): string => `
    PORT=8080 BACKEND=edge OLD=r1 OLD_SLOT=blue DRAIN_TIMEOUT=7 SLOT_STATUS=UP SENT=0 ERRORS=0
    answers=(${answers.join(' ')})
    look_at_slot() {
      local answer=\${answers[0]:--}
      answers=("\${answers[@]:1}")
      echo "look $answer"
      [[ $answer != - ]] && IN_FLIGHT=$answer
    }
    proxy() { echo "set \${4:-} \${*: -1}"; }
    sleep() { echo "sleep $1"; }
    stop_container() { echo "stop $1"; }`

  test('is asked again, and what is in flight is waited for', async () => {
    const { stdout } = await call(`${looks('-', '2', '2', '-', '0')}\nensure_proxy() { echo again; }\nretire`)
    expect(stdout.split('\n').filter((line) => /^(look|again|stop)/.test(line))).toEqual([
      'look -',
      'again',
      'look 2',
      'look 2',
      'look -',
      'look 0',
      'stop edge-r1',
    ])
  })

  test('and never again leaves the old one its whole time', async () => {
    const { stdout } = await call(`${looks()}\nensure_proxy() { return 1; }\nretire`)
    expect(stdout).toContain('did not say whether requests are in flight on blue; it gets 7 s\nsleep 7\nstop edge-r1\n')
  })

  test('is told again to take the old one out', async () => {
    const failing = 'proxy() { [[ -f told ]] && echo "$*"; }\nensure_proxy() { : >told; }\nis_up() { true; }\nsync() { :; }'
    const { stdout } = await call(`${looks('0')}\n${failing}\nNEW_SLOT='' NEW_RELEASE=r2 NEW_IMAGE=x\nswitch_over`)
    expect(stdout).toContain('set server edge/blue state drain\n')
  })
})
