import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configurations, example } from './configuration.case.ts'
import { repeatsNames } from './json.ts'
import { locate } from './locate.ts'
import { mistakes } from './mistakes.case.ts'
import { checkConfiguration, parseConfiguration } from './parse.ts'

const print = (value: unknown): string => JSON.stringify(value, null, 2)

const problems = (text: string) => {
  const checked = checkConfiguration(text)
  return 'problems' in checked ? checked.problems : []
}

/** The example with one value put at a path of keys; `undefined` takes the key out. */
const changed = (path: string, value: unknown): string => {
  const document: unknown = structuredClone(example())
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const inner = keys.reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), document)
  if (!(inner instanceof Object)) throw new Error(`no ${path} in the example`)
  if (value === undefined) Reflect.deleteProperty(inner, last)
  else Reflect.set(inner, last, value)
  return print(document)
}

describe('a configuration with one mistake', () => {
  it.each(mistakes)('%s = %j', (path, value, message, where = path) => {
    const found = problems(changed(path, value))
    const texts = found.map((problem) => `${problem.path} ${problem.message}`)
    expect(found.map((problem) => problem.path)).toContain(where)
    expect(
      texts.some((text) => text.startsWith(where) && message.test(text)),
      texts.join('\n'),
    ).toBe(true)
  })

  it('is reported once, and nothing else is', () => {
    const single = mistakes.filter(([path]) => !/^(environments|images|services|registry|repository)$/.test(path))
    const many = single
      .filter(([path, value]) => problems(changed(path, value)).length > 1)
      .map(([path, value]) => `${path} = ${JSON.stringify(value)}`)
    expect(many).toEqual([])
  })
})

describe('the text of a configuration', () => {
  it.each([
    ['', '1:1', /the file is empty/],
    ['project: shop', '1:1', /unexpected "p"/],
    ['{ "project": "shop", }', '1:22', /unexpected "}" after a comma: remove the comma/],
    ['{\n  // note\n}', '2:3', /JSON has no comments; remove it/],
    ["{ 'project': 1 }", '1:3', /double quotes only/],
    ['{ "project": "shop"', '1:20', /a bracket or a quote is not closed/],
    ['{ "project": "shop"\n"images": {} }', '2:1', /missing comma/],
    ['\n\n{ x }', '3:3', /unexpected "x"/],
    ['{} {}', '1:4', /unexpected "\{"/],
    ['{ "project": shop }', '1:14', /unexpected "s"/],
  ])('%j is refused at %s', (text, where, message) => {
    const [problem, ...more] = problems(text)
    expect(`${problem?.line}:${problem?.column}`).toBe(where)
    expect(problem?.message).toMatch(/^is not valid JSON: /)
    expect(problem?.message).toMatch(message)
    expect(more).toEqual([])
  })

  it.each(['[]', '"shop"', 'null', '7'])('%s is no object', (text) => {
    expect(problems(text).map(({ message }) => message)).toEqual([`must be an object, got ${text}`])
  })

  it('may give no name twice', () => {
    const text = print(example()).replace('"project": "shop"', '"project": "shop",\n  "project": "shop"')
    expect(problems(text)).toEqual([
      { line: 3, column: 3, path: 'project', message: expect.stringMatching(/^is there twice, first in line 2, and JSON would/) },
    ])
  })

  it.each([
    ['{"a": 1, "\\u0061": 2}', true],
    ['[{"a": {"b": 1, "c": [{"b": 2}], "b" : 3}}]', true],
    ['{"__proto__": 1, "__proto__": 2}', true],
    ['{"a": "b: \\": c", "b": ["a", "a", {}], "c": {"a": {"a": 1}}, "": {"": ":"}}', false],
  ])('%s repeats a name: %s', (text, repeats) => {
    expect(repeatsNames(text, JSON.parse(text))).toBe(repeats)
    expect(locate(text).duplicates.length > 0).toBe(repeats)
  })

  it('keeps its line numbers, whatever it begins with', () => {
    expect(problems('\uFEFF\n\n []')).toMatchObject([{ line: 3, column: 2 }])
  })

  it('may be indented with tabs and begin with a byte order mark', () => {
    expect(problems(`\uFEFF${JSON.stringify(example(), null, '\t')}`)).toEqual([])
  })

  it('is refused with the place, the path, the value and the remedy of every mistake at once', () => {
    const text = print(example())
      .replace('"222222222222"', '222222222222')
      .replace('"port": 8080', '"port": 80800')
      .replace('"image": "app"', '"image": "ap"')
    expect(() => parseConfiguration(text, 'conf/delivery.json')).toThrow(
      [
        'conf/delivery.json:17:18: environments.dev.account must be 12 digits in quotes, for example "111111111111", got 222222222222',
        'conf/delivery.json:68:16: services.api.image must name an image of this file (one of app), got "ap"; did you mean "app"?',
        'conf/delivery.json:70:15: services.api.port must be a whole number from 1 to 65535, got 80800',
      ].join('\n'),
    )
  })
})

describe('a valid configuration', () => {
  it('is the one of this repository, and the example', () => {
    expect(problems(readFileSync(join(import.meta.dirname, '../../delivery.json'), 'utf8'))).toEqual([])
    expect(problems(print(example()))).toEqual([])
  })

  it('is what it says: reading what was printed gives the same value', () => {
    fc.assert(
      fc.property(configurations, (configuration) => {
        const checked = checkConfiguration(print(configuration))
        if ('problems' in checked) {
          for (const { message } of checked.problems) expect(message).toMatch(/would share the|too long a/)
        } else expect(checked.configuration).toEqual(configuration)
      }),
    )
  })
})
