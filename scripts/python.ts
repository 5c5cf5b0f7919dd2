import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Installs packages from PyPI into a virtual environment, unless these versions are there already, and resolves to the folder
 * of their programs. Needs Python 3.10 or later with its `venv` module.
 */
export const installPython = async (home: string, packages: readonly string[], say: (line: string) => void): Promise<string> => {
  const programs = join(home, 'bin')
  const mark = join(home, 'installed.txt')
  const wanted = packages.join('\n')
  if ((await readFile(mark, 'utf8').catch(() => '')) === wanted) return programs
  say(`installing ${packages.join(' and ')} into ${home}`)
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  try {
    await run('python3', ['-m', 'venv', home])
    await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], { maxBuffer: 64 << 20 })
  } catch (cause) {
    throw new Error(
      `${packages.join(' and ')} cannot be installed; install Python 3.10 or later with venv (apt-get install python3-venv)`,
      { cause },
    )
  }
  await writeFile(mark, wanted)
  return programs
}
