import { expect, test } from 'vitest'
import { type Predecessor, predecessorOf } from './predecessor.ts'
import type { Release } from './records.ts'

/** `b~a`: release b that followed a; `B~a?`: it came in part, with another id than the whole. */
const parse = (text: string): Release => {
  const [, release = '', previous, partial] = /^(\w)(?:~(\w))?(\?)?$/.exec(text) ?? []
  return {
    release,
    images: {},
    services: {},
    commit: text,
    run: '',
    actor: '',
    verifiedAt: '',
    rejected: [],
    ...(previous !== undefined && { previous }),
    ...(partial && { partial: true }),
  }
}

test.each<[string, string, Predecessor]>([
  ['the one before', 'a b~a', { release: parse('a') }],
  ['what stood before a part of it', 'a B~a? b~B', { release: parse('a') }],
  ['what stood before several parts', 'a B~a? C~B? c~C', { release: parse('a') }],
  ['what stood before, while a part stands', 'a b~a C~b?', { release: parse('b~a') }],
  ['not itself, where a part stood between', 'z a~z B~a? a~B', { release: parse('z') }],
  ['the newest record of that id', 'a b~a a~b c~a', { release: parse('a~b') }],
  ['what was before that, once a rollback brought it back', 'a b~a C~b? c~C b~a', { release: parse('a') }],
  ['nothing, where nothing ever stood', '', undefined],
  ['nothing, before the first', 'a', undefined],
  ['nothing, before the first that was whole', 'A? a~A', undefined],
  ['nothing, before the first, which came twice', 'a B~a? a~B', undefined],
  ['one that the history has lost', 'b~a', { lost: 'a' }],
  ['one that the history has lost, before a part', 'B~a? b~B', { lost: 'a' }],
])('a way back leads to %s', (_, history, expected) => {
  expect(predecessorOf(history.split(' ').filter(Boolean).map(parse))).toEqual(expected)
})
