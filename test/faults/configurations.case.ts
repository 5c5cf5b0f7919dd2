import fc from 'fast-check'
import { exampleText } from '../example.ts'

const GOOD = JSON.parse(exampleText())

type Holder = Record<string, unknown>
const holdersOf = (value: unknown): Holder[] =>
  typeof value === 'object' && value !== null ? [value as Holder, ...Object.values(value).flatMap(holdersOf)] : []

const mutated = ([at, value, how]: [number, unknown, string]): string => {
  const copy: Holder = structuredClone(GOOD)
  const holders = holdersOf(copy)
  const holder = holders[at % holders.length] ?? copy
  const keys = Object.keys(holder)
  const key = keys[at % Math.max(1, keys.length)] ?? 'x'
  if (how === 'remove') delete holder[key]
  else holder[how === 'add' ? `${key}x` : key] = value
  return JSON.stringify(copy, undefined, 2)
}

const cut = ([at, length, instead]: [number, number, string]): string => {
  const source = JSON.stringify(GOOD, undefined, 2)
  const from = at % source.length
  return source.slice(0, from) + instead + source.slice(from + length)
}

/** A good configuration with one part replaced, moved into another or cut out, and texts that are none. */
export const configurationText = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('replace', 'remove', 'add')).map(mutated),
  },
  { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.nat(40), fc.string({ maxLength: 10 })).map(cut) },
  { weight: 1, arbitrary: fc.oneof(fc.string(), fc.json()) },
)
