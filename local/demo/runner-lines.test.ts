import { expect, test } from 'vitest'
import { isBuildDetail, shown } from './runner-lines.ts'

test.each([
  ['gate account: pass', { kind: 'plain', text: 'gate account: pass' }],
  ['::error::it failed', { kind: 'error', text: 'it failed' }],
  ['::error title=api::two%0Alines, 100%25', { kind: 'error', text: 'two\nlines, 100%' }],
  ['::warning::careful: this', { kind: 'plain', text: 'warning: careful: this' }],
  ['::notice title=a,file=b::seen', { kind: 'plain', text: 'notice: seen' }],
  ['::group::Build', { kind: 'plain', text: 'Build' }],
  ['a::b', { kind: 'plain', text: 'a::b' }],
])('%s is shown as a run would show it', (line, expected) => {
  expect(shown(line)).toEqual(expected)
})

test.each(['::endgroup::', '::add-mask::secret', '::debug::stack', '', '   '])('%j is not shown', (line) => {
  expect(shown(line)).toBeUndefined()
})

test.each([
  ['#8 [build 4/6] RUN npm ci', false],
  ['#8 ERROR: process did not complete', false],
  ['#8 1.234 npm output', true],
  ['#8 DONE 0.1s', true],
  ['#1 [internal] load build definition', true],
  ['pushed 12 bytes', false],
])('%s of a build is detail: %s', (line, expected) => {
  expect(isBuildDetail(line)).toBe(expected)
})
