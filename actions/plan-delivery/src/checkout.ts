import { getExecOutput } from '@actions/exec'
import type { Source } from '../../../lib/delivery/images.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import { objectsOf } from '../../../lib/git.ts'
import { Refusal } from '../../../lib/refusal.ts'

/** Reads a commit of the clone at `repository` with git. */
export const checkout = (repository: string, commit: string): Source => ({
  file: (path) => show(repository, commit, path),
  objects: async (paths) => (await objectsOf(repository, commit, paths)).objects,
})

/** Another commit of the clone, where it has that: a clone of depth 1 has one only. */
export const objectsIn = async (repository: string, commit: string, paths: string[]): Promise<GitObjects | undefined> => {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined
  try {
    return (await objectsOf(repository, commit, paths)).objects
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

const show = async (repository: string, commit: string, path: string): Promise<string> => {
  const args = ['-c', 'core.fsmonitor=false', 'cat-file', 'blob', `${commit}:${path}`]
  const options = { cwd: repository, silent: true, ignoreReturnCode: true }
  const { exitCode, stdout } = await getExecOutput('git', args, options).catch(() => ({ exitCode: 1, stdout: '' }))
  if (exitCode === 0) return stdout
  // Says it better where git, the clone or the commit is missing.
  await objectsOf(repository, commit, [])
  throw new Refusal(`'${path}' is not a file of commit ${commit.slice(0, 12)}: commit it, or correct input 'config'`)
}
