import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { forAct } from './act.ts'
import { guard, unguard } from './data-in-act.ts'
import { evaluate, interpolate, runs, type Standing } from './expressions.ts'
import { apiPermissions, grantsOf } from './grants.ts'

const folder = join(import.meta.dirname, '..', '..', '.github', 'workflows')
const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

describe('the files as act reads them', () => {
  test.each(files)('%s lacks nothing but what act acts on in no way', (_, text) => {
    const without = (_: string, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value
      const { deployment, queue, ...rest } = value as Record<string, unknown>
      if ((deployment ?? false) !== false || (queue ?? 'max') !== 'max') throw new Error('act would miss a setting')
      return Array.isArray(value) ? value : rest
    }
    expect(parse(forAct(text))).toEqual(JSON.parse(JSON.stringify(parse(text), without)))
  })

  // act has neither for an environment; a job that used them would see nothing.
  test.each(files)('%s uses neither variables nor secrets', (_, text) => {
    expect(text).not.toMatch(/\$\{\{[^}]*\b(vars|secrets)\b/)
  })
})

describe('conditions as GitHub reads them', () => {
  const table: [string | undefined, Standing[], boolean][] = [
    [undefined, ['success', 'success'], true],
    [undefined, ['success', 'skipped'], false],
    ["needs.a.outputs.x == '1'", ['success'], true],
    ["needs.a.outputs.x == '1'", ['skipped'], false],
    [`\${{ !cancelled() && needs.a.outputs.x == '1' }}`, ['failure'], true],
    ['always()', ['failure', 'skipped'], true],
    ['failure()', ['success', 'skipped'], false],
    ['failure()', ['success', 'failure'], true],
    ["success() && needs.a.outputs.x == '2'", ['success'], false],
  ]
  test.each(table)('%s after %j: %j', (condition, standings, expected) => {
    expect(runs(condition, { needs: { a: { outputs: { x: '1' } } } }, standings)).toBe(expected)
  })

  test('a value that is an expression keeps its type, one in a text does not', () => {
    const contexts = { inputs: { flag: true, name: 'dev' } }
    expect(interpolate(`\${{ inputs.flag }}`, contexts)).toBe(true)
    expect(interpolate(`to \${{ inputs.name }}: \${{ inputs.flag }}`, contexts)).toBe('to dev: true')
    expect(interpolate(`\${{ inputs.none }}`, contexts)).toBe(null)
    expect(evaluate("fromJSON('[1,2]')[1]", {})).toBe(2)
  })
})

describe('permissions', () => {
  const definition = { file: 'x.yml', name: 'X', jobs: {}, on: {} }

  test('a job has its own, or those of its file, or those of the calling job, or the default of the repository', () => {
    const ofFile = { ...definition, permissions: {} }
    expect(grantsOf(ofFile, { permissions: { statuses: 'write' } })).toEqual({ statuses: 'write' })
    expect(grantsOf(ofFile, {})).toEqual({})
    expect(grantsOf(definition, {}, { statuses: 'read' })).toEqual({ statuses: 'read' })
    expect(grantsOf(definition, {})).toEqual({ contents: 'read', packages: 'read' })
  })

  test('a called workflow asks for no more than the calling job has', () => {
    const job = { permissions: { contents: 'write' as const } }
    expect(() => grantsOf(definition, job, { contents: 'read' })).toThrow("it requests 'contents: write'")
    expect(grantsOf(definition, job, { contents: 'write', statuses: 'write' })).toEqual({ contents: 'write' })
  })

  test('the API has other names for them, and none for an identity', () => {
    const grants = { 'pull-requests': 'write', 'id-token': 'write', statuses: 'none' } as const
    expect(apiPermissions(grants)).toEqual({ pull_requests: 'write' })
  })
})

test('what looks like an expression in data comes back as it was, and act sees none', () => {
  const text = `a ${'$'}{{ github.token }} b`
  expect(guard(text)).not.toContain('${{')
  expect(unguard(guard(text))).toBe(text)
})
