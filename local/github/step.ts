import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One line that a step printed, and when: milliseconds since the epoch. */
export type Line = { at: number; text: string }

export type Step = {
  exitCode: number | null
  /** Everything that was printed, standard output and standard error in their order. */
  log: string
  lines: Line[]
  outputs: Record<string, string>
  summary: string
  state: Record<string, string>
  milliseconds: number
}

export type RunningStep = {
  process: ChildProcess
  lines: Line[]
  done: Promise<Step>
  printed(text: string | RegExp): Promise<Line>
}

export type StepOptions = {
  env?: Record<string, string>
  cwd?: string
  /** State that an earlier phase of the same step saved. */
  state?: Record<string, string>
  /** Another build of the bundle, for comparisons. */
  entry?: string
  onLine?: (line: Line) => void
}

const blocks = (path: string): Record<string, string> => {
  const found = readFileSync(path, 'utf8').matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)
  return Object.fromEntries([...found].map(([, name, , value]) => [name, value]))
}

/** Starts a bundled action the way the runner does: inputs in the environment, results in files, nothing else inherited. */
export const startAction = (action: string, inputs: Record<string, string>, options: StepOptions = {}): RunningStep => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-step-'))
  const file = (name: string): string => {
    writeFileSync(join(folder, name), '')
    return join(folder, name)
  }
  const files = { GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary'), GITHUB_STATE: file('state') }
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])
  const saved = Object.entries(options.state ?? {}).map(([name, value]) => [`STATE_${name}`, value])
  const entry = options.entry ?? join(import.meta.dirname, '..', '..', 'actions', action, 'dist', 'index.js')
  // Whoever starts many steps may have Node keep what it compiled.
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const started = Date.now()
  const child = spawn(process.execPath, [entry], {
    cwd: options.cwd ?? folder,
    env: {
      PATH,
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      HOME: folder,
      RUNNER_TEMP: folder,
      ...files,
      ...Object.fromEntries(given),
      ...Object.fromEntries(saved),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  const waiting: { text: string | RegExp; found: (line: Line) => void }[] = []
  const matches = (line: Line, text: string | RegExp): boolean =>
    typeof text === 'string' ? line.text.includes(text) : text.test(line.text)
  const collect = () => {
    let rest = ''
    return (chunk: Buffer): void => {
      const parts = (rest + chunk.toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      for (const text of parts) {
        const line = { at: Date.now(), text }
        lines.push(line)
        options.onLine?.(line)
        for (const wait of waiting) if (matches(line, wait.text)) wait.found(line)
      }
    }
  }
  child.stdout.on('data', collect())
  child.stderr.on('data', collect())
  const done = new Promise<Step>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => {
      const step: Step = {
        exitCode,
        lines,
        log: lines.map(({ text }) => text).join('\n'),
        outputs: blocks(files.GITHUB_OUTPUT),
        summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
        state: blocks(files.GITHUB_STATE),
        milliseconds: Date.now() - started,
      }
      rmSync(folder, { recursive: true, force: true })
      resolve(step)
    })
  })
  const printed = (text: string | RegExp): Promise<Line> => {
    const already = lines.find((line) => matches(line, text))
    if (already) return Promise.resolve(already)
    return new Promise((found, reject) => {
      waiting.push({ text, found })
      done.then((step) => reject(new Error(`the step ended without printing ${text}:\n${step.log}`)), reject)
    })
  }
  return { process: child, lines, done, printed }
}

export const runAction = (action: string, inputs: Record<string, string>, options: StepOptions = {}): Promise<Step> =>
  startAction(action, inputs, options).done
