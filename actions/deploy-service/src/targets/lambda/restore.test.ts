import { expect, it } from 'vitest'
import type { Alias } from './functions.ts'
import { standingOf } from './restore.ts'

const alias = (version: string, weights: Record<string, number> = {}): Alias => ({ version, weights, revisionId: 'r' })
/** Versions from 20 are of this deployment. */
const isOurs = async (_: string, version: string): Promise<boolean> => Number(version) >= 20

it.each<[string, Alias | undefined, string | undefined, string]>([
  ['as it was', alias('7'), '7', 'before'],
  ['as it was, missing', undefined, undefined, 'before'],
  ['a share on ours', alias('7', { 20: 0.1 }), '7', 'shared'],
  ['all on ours', alias('20'), '7', 'moved'],
  ['made on ours', alias('20'), undefined, 'moved'],
  ['on a third version', alias('9'), '7', 'third'],
  ['a share on a third version', alias('7', { 9: 0.1 }), '7', 'third'],
  ['a share that was there before', alias('7', { 8: 0.1 }), '7', 'shared'],
  ['all on what had a share before', alias('8'), '7', 'third'],
  ['all on ours, with a share on what had one before', alias('20', { 8: 0.1 }), '7', 'third'],
  ['ours with a share on a third version', alias('20', { 9: 0.5 }), '7', 'third'],
  ['deleted', undefined, '7', 'third'],
  ['made by somebody else', alias('9'), undefined, 'third'],
])('an alias that is %s', async (_, now, before, standing) => {
  expect(await standingOf('events', now, before === undefined ? {} : { version: before, shared: ['8'] }, isOurs)).toBe(standing)
})
