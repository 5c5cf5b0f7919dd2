import { expect, it, test } from 'vitest'
import { composeBoard } from './compose.ts'
import { facts, head, now, release, running } from './facts.case.ts'
import { boardMarkdown } from './markdown.ts'
import { boardText } from './text.ts'
import { ago } from './words.ts'

const hostile = '\u001b[31mred\u001b[0m | <img src=x>\n::set-output name=x::y\u202e `$(id)` @everyone [a](http://b)'
const hold = { state: 'held' as const, reason: hostile, by: 'ada', at: '2026-11-23T11:00:00Z', run: '' }
const board = composeBoard(
  facts(
    {
      dev: { head: head('b', { distance: { behind: 2, ahead: 0 } }) },
      staging: {
        hold,
        history: [{ release: release('a', { actor: hostile, kind: 'rollback' }), writtenAt: now }],
        services: [{ name: 'api', target: 'ecs', image: 'app', live: running('c', 1) }],
      },
      prod: { unreadable: 'sts:AssumeRoleWithWebIdentity was denied', services: [] },
    },
    { registryProblem: 'ecr:BatchGetImage was denied' },
  ),
)

it('is a table of environments, one of services, and what is remarkable, in the terminal', () => {
  const lines = boardText(board)
  expect(lines[0]).toBe('shop at 2026-11-23 12:00 UTC')
  expect(lines).toContainEqual(
    expect.stringMatching(/^dev {10}rel-[0-9a-f]{16} {2}2026-11-23 08:00 UTC \(4 h\) {4}octocat .* 2 behind dev +as recorded$/),
  )
  expect(lines).toContainEqual(expect.stringMatching(/^staging .* DRIFT, rollback, HELD$/))
  expect(lines).toContainEqual(expect.stringMatching(/^prod +unknown .* main .* UNREADABLE$/))
  expect(lines).toContainEqual(expect.stringMatching(/^staging +api +ecs +DRIFT +cccccccccccc × 1 of 2 +aaaaaaaaaaaa$/))
  expect(lines).toContainEqual(expect.stringMatching(/^‖ staging: held since 2026-11-23 11:00 UTC by ada: /))
  expect(lines).toContainEqual(expect.stringMatching(/^! prod: unreadable: prod could not be read: sts:/))
  expect(lines.at(-1)).toBe('! registry: unreadable: ecr:BatchGetImage was denied')
})

it('has no table of services where there are none', () => {
  const nothing = composeBoard(facts({ dev: { services: [] }, staging: { services: [] }, prod: { services: [] } }))
  expect(boardText(nothing).join('\n')).not.toContain('service')
})

it('gives a terminal nothing to obey', () => {
  const text = boardText(board)
  for (const character of ['\u001b', '\u202e']) expect(text.join('\n')).not.toContain(character)
  expect(text.filter((line) => line.startsWith('::'))).toEqual([])
})

it('gives Markdown no cell, link, HTML, code or mention to make', () => {
  const markdown = boardMarkdown(board)
  expect(markdown).toContain('\\| &lt;img src=x&gt; ::set-output name=x::y \\`$(id)\\` @\u200Beveryone \\[a\\](http://b)')
  const widths = markdown.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split(/(?<!\\)\|/).length] : []))
  expect(new Set(widths)).toEqual(new Set([8]))
})

test.each([
  ['2026-11-23T11:59:30Z', '0 min'],
  ['2026-11-23T10:30:00Z', '1 h 30 min'],
  ['2026-11-22T11:00:00Z', '1 d 1 h'],
  ['2026-11-20T12:00:00Z', '3 d'],
  ['2026-11-24T12:00:00Z', '0 min'],
])('%s is %s ago', (time, words) => {
  expect(ago(time, '2026-11-23T12:00:00Z')).toBe(words)
})
