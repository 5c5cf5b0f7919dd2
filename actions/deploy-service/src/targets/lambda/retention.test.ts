import { expect, it } from 'vitest'
import { obsolete } from './retention.ts'

const versions = (...numbers: number[]) => numbers.map((number) => ({ Version: String(number), Description: 'slipway-7-1' }))
const none: ReadonlySet<string> = new Set()

it('keeps the newest five, by number and not by text', () => {
  expect(obsolete(versions(2, 11, 3, 10, 9, 8), none)).toEqual(['2'])
  expect(obsolete(versions(1, 2, 3, 4, 5), none)).toEqual([])
})

it('spares what is referred to, however old', () => {
  expect(obsolete(versions(1, 2, 3, 4, 5, 6, 7, 8), new Set(['1', '3']))).toEqual(['2'])
})

it('never names $LATEST, nor what somebody else published', () => {
  const others = [{ Version: '$LATEST', Description: 'slipway-7-1' }, { Version: '1', Description: 'by hand' }, { Version: '2' }]
  expect(obsolete([...others, ...versions(3, 4, 5, 6, 7, 8)], none)).toEqual(['3'])
})

it('takes ten at a time, oldest first', () => {
  expect(obsolete(versions(...Array.from({ length: 30 }, (_, index) => index + 1)), none)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
  ])
})
