import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { end, identify, isAlive, type ProcessId, processesNaming } from '../engine/process.ts'

const ownerOf = async (folder: string): Promise<ProcessId | undefined> => {
  const text = await readFile(join(folder, 'owner'), 'utf8').catch(() => '')
  return text === '' ? undefined : (JSON.parse(text) as ProcessId)
}

/**
 * A folder of the clone for all that is no cache, temporary files included: `TMPDIR` leads there from now on. What a killed run left
 * there, or still running, is removed. Two runs in one clone are refused, because the one that ends first would end the other's engine.
 */
export const makeFolder = async (home: string): Promise<string> => {
  await mkdir(home, { recursive: true })
  for (const name of (await readdir(home)).filter((entry) => entry.startsWith('run-'))) {
    const owner = await ownerOf(join(home, name))
    if (owner && (await isAlive(owner)))
      throw new Error(`process ${owner.pid} runs the local cloud of this clone; end it first, or use another clone`)
    await end(await processesNaming(`${join(home, name)}/`, 'cmdline'), 1_000)
    await rm(join(home, name), { recursive: true, force: true })
  }
  const folder = join(home, `run-${process.pid}`)
  const temporary = join(folder, 'tmp')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, 'owner'), JSON.stringify(await identify(process.pid)) ?? '')
  process.env['TMPDIR'] = temporary
  return folder
}
