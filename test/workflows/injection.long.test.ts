import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeApp, dispatch, gateOf, judge, openPull, openPullFor, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

const OPEN = '$' + '{{'

// Whatever is run leaves a file behind.
let marks: string
const values = (): Record<string, string> => ({
  shell: `"; touch ${join(marks, 'a')}; $(touch ${join(marks, 'b')}) \`touch ${join(marks, 'c')}\` | touch ${join(marks, 'd')} && '`,
  expression: `${OPEN} github.token }} ${OPEN} fromJSON('[1]') }} }} ${OPEN} secrets.GITHUB_TOKEN }}`,
  lines: `one\n::set-output name=plan::x\n::add-mask::app\n::error::no\ntouch ${join(marks, 'e')}\nplan<<EOF\nx\nEOF`,
  long: 'x'.repeat(10_000),
  markdown:
    '</details><script>alert(1)</script> | cell | @octocat fixes #1 [x](https://example.org) ![x](https://example.org/x.png)',
})

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ withoutPreDeploy: true })
  marks = world.folder
})
afterAll(() => world?.close())

const marked = () => readdirSync(marks).filter((name) => /^[a-e]$/.test(name))

test('commit messages and the branch that they come from', async () => {
  for (const [name, text] of Object.entries(values())) changeApp(world, name, 'dev', `${name}\n\n${text}`)
  for (const [name, text] of Object.entries(values())) if (!text.includes('\n')) changeApp(world, `${name} again`, 'dev', text)
  const run = await push(world, 'dev')
  expect(run.jobs).toEqual({
    plan: 'success',
    build: 'success',
    seed: 'skipped',
    infra: 'skipped',
    deploy: 'success',
    prove: 'skipped',
    propose: 'success',
  })
  const pull = openPullFor(world, 'dev', 'staging')
  expect(pull && gateOf(world, pull)).toMatchObject({ state: 'success' })
  // What stands in a code span is shown as it is.
  const outside = pull?.body?.replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '') ?? ''
  expect(outside).toContain('**Commits**')
  expect(outside).not.toMatch(/<script|@octocat|\]\(|touch|fixes #1/)
  expect(marked()).toEqual([])
})

test('names of branches and titles of pull requests', async () => {
  // What git allows in a name: neither spaces nor colons.
  const branch = `feature/"';$(touch$IFS${join(marks, 'a').replaceAll('/', '%')})\`id\`${OPEN}github.token}}&&id|id>x`.replaceAll(
    /[~^:?*[\\ ]/g,
    '',
  )
  world.scratch.commit(branch, { 'app/src/x.txt': 'x\n' }, 'x', 'staging')
  for (const title of Object.values(values())) {
    const pull = await openPull(world, branch, 'staging', title.slice(0, 256))
    const run = await judge(world, pull)
    expect(run.jobs).toEqual({ gate: 'success' })
    expect(gateOf(world, pull)).toMatchObject({ state: 'failure' })
    Object.assign(pull, { state: 'closed' })
  }
  expect(marked()).toEqual([])
})

test('inputs of a dispatch are text, or are refused', async () => {
  for (const [name, text] of Object.entries(values())) {
    const run = await dispatch(world, 'rollback.yml', 'dev', { operation: 'hold', environment: 'dev', reason: text })
    const isKept = !text.includes('\n') && text.length <= 500
    expect([name, run.jobs['deploy']]).toEqual([name, isKept ? 'success' : 'skipped'])
    if (isKept) expect(JSON.parse((await world.records('dev', 'hold')).at(-1) ?? '{}')).toMatchObject({ reason: text })
    const release = await dispatch(world, 'promote.yml', 'staging', { environment: 'staging', release: text, 'dry-run': false })
    expect([name, release.jobs['plan']]).toEqual([name, 'failure'])
  }
  expect(marked()).toEqual([])
  expect(existsSync(join(world.folder, 'clone', 'x'))).toBe(false)
})
