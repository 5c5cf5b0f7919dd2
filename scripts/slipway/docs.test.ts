import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { composeBoard } from '../../lib/delivery/board/compose.ts'
import { documented } from '../../lib/delivery/board/example.case.ts'
import { digest } from '../../lib/delivery/board/facts.case.ts'
import { boardText } from '../../lib/delivery/board/text.ts'
import { readCommand } from './arguments.ts'
import { USAGE } from './usage.ts'

const page = readFileSync('docs/status-and-cli.md', 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\`$`, 'gm'))].map(([, block = '']) => block)

/** Words of a line as a shell takes them apart, without what comes after a pipe. */
const words = (line: string): string[] =>
  [...(line.split(' | ')[0] ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)

const commands = globSync(['docs/*.md', 'README.md', 'actions/*/README.md']).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/^(?:\$ )?npm run (?:--silent )?slipway -- (.+)$/gm)].map(
    ([, line = '']) => [path, line] as const,
  ),
)

test('there are commands to check', () => {
  expect(commands.length).toBeGreaterThan(15)
})

test.each(commands)('%s: slipway %s is a command that it takes', (_, line) => {
  expect(readCommand(words(line)).verb).not.toBe('help')
})

test('the table that the page shows is what status prints', () => {
  expect(blocks('text')).toEqual([boardText(composeBoard(documented())).join('\n')])
})

test('the JSON that the page shows is what status prints', () => {
  const board = composeBoard(documented())
  expect(blocks('json').map((block) => JSON.parse(block))).toEqual([{ ...board, environments: [board.environments[1]] }])
})

test.runIf(spawnSync('jq', ['--version']).status === 0)(
  'the script of the page prints what runs, not what is recorded, and nothing of hosts',
  () => {
    const [, program = ''] = / \| jq -r '([^']+)'$/m.exec(page) ?? []
    const board = composeBoard(documented())
    board.environments[2]?.services.push({
      service: 'edge',
      target: 'ec2',
      state: 'not-seen',
      recorded: digest('a'),
      running: {},
    })
    const printed = execFileSync('jq', ['-r', program], { input: JSON.stringify(board), encoding: 'utf8' })
    expect(printed).toBe(`api ${digest('d')}\n`)
  },
)

test('the page and the usage name the same exit codes', () => {
  const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code)
  const [, said = ''] = USAGE.split('ends with:')
  expect([...said.matchAll(/(\d+) [a-z]/g)].map(([, code]) => code)).toEqual(codes)
})
