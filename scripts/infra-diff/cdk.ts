import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StackDiff } from './differences.ts'

const CDK = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'cdk')

/**
 * `cdk diff` of a stack of the assembly in `folder` against a template, or against nothing. It asks AWS nothing, and knows which
 * changes CloudFormation makes by a replacement.
 */
export const cdkDiff = async (folder: string, name: string, before: string | undefined): Promise<StackDiff> => {
  const own = mkdtempSync(join(tmpdir(), 'infra-diff-'))
  try {
    const empty = join(own, 'empty.json')
    writeFileSync(empty, '{}')
    const against = ['--app', folder, '--template', before ?? empty]
    const output = await run(['diff', name, '--exclusively', ...against, '--fail-on', 'destructive', '--no-color'])
    return parse(name, output)
  } finally {
    rmSync(own, { recursive: true })
  }
}

const run = (args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] ?? tmpdir(), CDK_DISABLE_VERSION_CHECK: '1' }
    execFile(process.execPath, [CDK, ...args], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      // 1 is said both for a finding and for an error; only the first comes with an answer.
      if (error === null || FOUND.test(stderr + stdout)) resolve(`${stdout}\n${stderr}`)
      else reject(new Error(`cdk diff failed: ${stderr}`))
    })
  })

const FOUND = /^.*Found \d+ destructive change\(s\).*$/m

/** Replaced with every change, since each is a revision of its own: nothing is lost by that. */
const REVISIONS = /AWS::(ECS::TaskDefinition|Lambda::(Layer)?Version|ApiGateway(V2)?::Deployment) .* will be replaced$/

/** The part of the output that is about the stack, and the lines after `Found … destructive change(s)`. */
export const parse = (name: string, output: string): StackDiff => {
  const lines = output.split('\n')
  const begin = lines.findIndex((line) => line.trim() === `Stack ${name}`)
  const end = lines.findIndex((line, index) => index > begin && line.includes('Number of stacks with differences'))
  if (begin < 0 || end < 0) throw new Error(`cdk diff said nothing of ${name}: ${output.slice(0, 500)}`)
  const found = lines.findIndex((line) => FOUND.test(line))
  const destructive = found < 0 ? [] : lines.slice(found + 1).filter((line) => line.startsWith('  ') && !REVISIONS.test(line))
  return {
    text: lines.slice(begin, end).join('\n').trim(),
    destructive: destructive.map((line) => line.trim()),
  }
}
