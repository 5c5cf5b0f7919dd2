import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const home = new URL('../.slipway/emulators', import.meta.url).pathname

/** Emulators of AWS that the contract suite asks besides the local cloud. */
const packages = ['ministack[full]==1.5.33', 'moto[server]==5.2.5']

/**
 * Installs them from PyPI into a virtual environment of this clone, unless these versions are there already, and resolves to
 * the folder of their programs. Needs Python 3.10 or later with its `venv` module.
 */
export const installEmulators = async (say: (line: string) => void): Promise<string> => {
  const programs = join(home, 'bin')
  const mark = join(home, 'installed.txt')
  const wanted = packages.join('\n')
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return programs
  say(`installing ${packages.join(' and ')} into .slipway/emulators`)
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  try {
    await run('python3', ['-m', 'venv', home])
    await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], { maxBuffer: 64 << 20 })
  } catch (cause) {
    throw new Error('the emulators cannot be installed; install Python 3.10 or later with venv (apt-get install python3-venv)', {
      cause,
    })
  }
  await writeFile(mark, wanted)
  return programs
}

if (import.meta.main) console.log(await installEmulators(console.log))
