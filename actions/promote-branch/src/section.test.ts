import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Changes } from './changes.ts'
import { cell, codeSpan, cut } from './inert.ts'
import { withChanges, withSection } from './section.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('`', '<!--', '-->', '@a', 'closes #1', '|', '\n', '\r', '\u0000', '\u202E', '[x](y)', '😀', ' '),
  }),
)

test('a cut text is one line and never longer than asked, whatever it is made of', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 200 }), (text, most) => {
      const line = cut(text, most)
      expect(line.length).toBeLessThanOrEqual(most)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
      expect(line.isWellFormed()).toBe(true)
    }),
  )
})

/** CommonMark 6.1: a span ends at the first run of exactly as many backticks as it began with. */
const spanIsWhole = (span: string): boolean => {
  const fence = /^`+/.exec(span)?.[0] ?? ''
  const runs = [...span.slice(fence.length).matchAll(/`+/g)]
  const closing = runs.find(([run]) => run.length === fence.length)
  return fence !== '' && closing !== undefined && fence.length + closing.index + fence.length === span.length
}

test('a code span ends where it ends, so that nothing of it is read as Markdown', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const span = codeSpan(text, 200)
      expect(spanIsWhole(span)).toBe(true)
      expect(span).not.toContain('<!--')
      expect(span).not.toContain('-->')
      expect(cell(span)).not.toMatch(/(?<!\\)\|/)
    }),
  )
})

const changes = (commits: number, subject = 'x'): Changes => ({
  commits: Array.from({ length: commits }, (_, index) => ({ id: 'a'.repeat(40), subject, pull: index })),
  pulls: [],
})

describe('the section', () => {
  it('keeps to the room it is given and says how many commits are left out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 5_000 }), fc.integer({ min: 0, max: 200 }), hostile, (most, commits, subject) => {
        const text = withChanges(['head'], changes(commits, subject), ['foot'])(most)
        const listed = text.match(/^- #/gm)?.length ?? 0
        const rest = Number(/^- and (\d+) more$/m.exec(text)?.[1] ?? 0)
        expect(text.length).toBeLessThanOrEqual(most)
        expect(listed + rest).toBe(commits)
      }),
    )
  })

  it('takes the place of the one that is there and leaves every other word alone', () => {
    const once = withSection('before\n', () => 'one') ?? ''
    const around = `${once}\n\nafter`
    expect(withSection(around, () => 'two')).toBe('before\n\n<!-- slipway:start -->\ntwo\n<!-- slipway:end -->\n\nafter')
    expect(withSection(around.replaceAll('\n', '\r\n'), () => 'one')).toBe(around)
  })

  it('is the same when it is written twice, and never longer than GitHub takes', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 0, max: 3_000 }), (body, subject, commits) => {
        const render = withChanges(['head'], changes(commits, subject), ['foot'])
        const once = withSection(body, render) ?? ''
        expect(once.length).toBeLessThanOrEqual(65_536)
        expect(withSection(once, render)).toBe(once)
      }),
      { numRuns: 40, examples: [['\r\r\n`', '', 0]] },
    )
  })

  it('is left out where people have used all the room', () => {
    expect(withSection('x'.repeat(65_500), withChanges(['head'], changes(3), ['foot']))).toBeUndefined()
  })
})
