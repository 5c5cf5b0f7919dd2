import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { actionlint, shellcheck, zizmor } from '../scripts/workflow-rules/linters.ts'
import { EXAMPLE_FILE } from './example.ts'

// No Docker: these need Go and Python, which `npm test` must do without.
const say = console.log

const copy = mkdtempSync(join(tmpdir(), 'slipway-linters-'))
for (const path of ['.github', 'actions']) cpSync(path, join(copy, path), { recursive: true })
cpSync(EXAMPLE_FILE, join(copy, 'delivery.json'))
// actionlint looks for the root of a repository.
mkdirSync(join(copy, '.git'))
afterAll(() => rmSync(copy, { recursive: true }))

/** What a linter says of the workflows with one change. */
const withChange = async (lint: typeof zizmor, file: string, replace: string, by: string): Promise<string> => {
  const path = join(copy, '.github/workflows', file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(replace)
  writeFileSync(path, text.replace(replace, by))
  try {
    return (await lint(copy, say)).join('\n')
  } finally {
    writeFileSync(path, text)
  }
}

describe('nothing is found in the workflows', () => {
  test('by actionlint', async () => expect(await actionlint('.', say)).toEqual([]))
  test('by zizmor', async () => expect(await zizmor('.', say)).toEqual([]))
  test('by shellcheck', async () => expect(await shellcheck('.', say)).toEqual([]))
})

describe('each of them really looks', () => {
  test('actionlint finds a job that does not exist', async () => {
    expect(await withChange(actionlint, 'ci.yml', 'needs: [check,', 'needs: [checks,')).toContain('checks')
  })

  test('actionlint finds a key that is wrong beside the one that it is wrong about', async () => {
    expect(await withChange(actionlint, '_build.yml', 'queue: max', 'queue: max\n      wait: true')).toContain('"wait"')
  })

  test('a false alarm that is no longer raised is to be taken off the list', async () => {
    const without = readFileSync(join(copy, '.github/workflows/release.yml'), 'utf8').replace('  queue: max\n', '')
    const kept = readFileSync(join(copy, '.github/workflows/release.yml'), 'utf8')
    writeFileSync(join(copy, '.github/workflows/release.yml'), without)
    expect(await withChange(actionlint, '_build.yml', '      queue: max\n', '')).toContain('take it off the list')
    writeFileSync(join(copy, '.github/workflows/release.yml'), kept)
  })

  test('zizmor finds an action that is not pinned', async () => {
    const found = await withChange(zizmor, 'ci.yml', '@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1', '@v7')
    expect(found).toContain('unpinned-uses')
  })

  test('zizmor finds a permission that nobody explains', async () => {
    expect(await withChange(zizmor, '_deploy.yml', ' # a deployment a service, with its outcome', '')).toContain(
      'undocumented-permissions',
    )
  })

  test('shellcheck finds a variable that is not quoted', async () => {
    expect(await withChange(shellcheck, 'release.yml', '"$GITHUB_REF_NAME"', '$GITHUB_REF_NAME')).toContain('SC2086')
  })
})
