import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installTool } from '../tools.ts'
import { readWorld, shippedWorkflows } from './world.ts'

type Say = (line: string) => void
type Lint = (root: string, say: Say) => Promise<string[]>

/** What actionlint 1.7.12 says of what GitHub accepts. Each is compared as a whole, so that nothing else hides behind it. */
const FALSE_ALARMS: { message: string; reason: string }[] = [
  {
    message: 'unexpected key "queue" for "concurrency" section. expected one of "cancel-in-progress", "group"',
    reason: 'GitHub has `queue` since 2026-05-07; its own parser accepts it (actionlint issue 657)',
  },
]

/** actionlint over the shipped workflows, without the false alarms; one that is no longer raised is to be taken off the list. */
export const actionlint: Lint = async (root, say) => {
  const program = await installTool('actionlint', say)
  // Scripts go to shellcheck directly, with all that it checks.
  const { stdout } = await run(
    program,
    ['-format', '{{json .}}', '-shellcheck', '', '-pyflakes', '', ...shippedWorkflows],
    root,
    [0, 1],
  )
  const errors: { message: string; filepath: string; line: number; kind: string }[] = JSON.parse(stdout)
  const isFalse = (message: string) => FALSE_ALARMS.some((alarm) => alarm.message === message)
  const raised = errors.filter(({ message }) => !isFalse(message))
  const gone = FALSE_ALARMS.filter(({ message }) => !errors.some((error) => error.message === message))
  return [
    ...raised.map(({ filepath, line, message, kind }) => `${filepath}:${line}: ${message} [${kind}]`),
    ...gone.map(({ message }) => `scripts/workflow-rules/linters.ts: no longer said, take it off the list: ${message}`),
  ]
}

/** zizmor at its strictest, over workflows and actions, by what can be judged without GitHub. */
export const zizmor: Lint = async (root, say) => {
  const program = await installTool('zizmor', say)
  const flags = ['--offline', '--persona', 'pedantic', '--format', 'plain', '--color', 'never', '--no-progress', '--quiet']
  // 0 is nothing found, 11 to 14 the severity of the worst finding; everything else is trouble of its own.
  const { stdout, code } = await run(
    program,
    [...flags, '--config', '.github/zizmor.yml', ...shippedWorkflows, '.github/dependabot.yml', 'actions'],
    root,
    [0, 10, 11, 12, 13, 14],
  )
  return code === 0 ? [] : stdout.trim().split('\n')
}

/** shellcheck on the script of every step. */
export const shellcheck: Lint = async (root, say) => {
  const program = await installTool('shellcheck', say)
  const scripts = readWorld(root).workflows.flatMap(({ file, texts, lineOf }) =>
    texts.filter(({ path }) => path.at(-1) === 'run').map(({ path, text }) => ({ file, line: lineOf(path), text })),
  )
  const found = await Promise.all(
    scripts.map(async ({ file, line, text }) => {
      const { stdout } = await run(program, ['--shell', 'bash', '--format', 'gcc', '-'], root, [0, 1], text)
      return stdout
        .trim()
        .split('\n')
        .flatMap((each) => (each === '' ? [] : [`.github/workflows/${file}:${line}: script${each.slice(1)}`]))
    }),
  )
  return found.flat()
}

/** shellcheck on the program of EC2 hosts, as one script, which it is on a host; findings are at the line of the part. */
export const hostShellcheck: Lint = async (root, say) => {
  const program = await installTool('shellcheck', say)
  const folder = 'lib/host/program'
  const parts = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.sh'))
    .toSorted()
  const lines = parts.flatMap((name) =>
    readFileSync(join(root, folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((text, index) => ({ text, at: `${folder}/${name}:${index + 1}` })),
  )
  const script = lines.map(({ text }) => text).join('\n')
  const { stdout } = await run(program, ['--shell', 'bash', '--format', 'json', '-'], root, [0, 1], script)
  const found: { line: number; code: number; message: string }[] = JSON.parse(stdout)
  return found.map(({ line, code, message }) => `${lines[line - 1]?.at}: ${message} [SC${code}]`)
}

const run = (program: string, args: string[], cwd: string, expected: number[], input = '') =>
  new Promise<{ stdout: string; code: number }>((resolve, reject) => {
    const child = execFile(program, args, { cwd, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      if (typeof code === 'number' && expected.includes(code)) resolve({ stdout, code })
      else reject(new Error(`'${program}' failed: ${stderr.trim() || error?.message}`))
    })
    child.stdin?.end(input)
  })
