import { getExecOutput } from '@actions/exec'
import { objectsOf } from '../../../lib/git.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Source } from './ports.ts'

/** Reads a commit of the clone at `repository` with git. */
export const checkout = (repository: string, commit: string): Source => ({
  file: (path) => show(repository, commit, path),
  objects: async (paths) => (await objectsOf(repository, commit, paths)).objects,
})

const show = async (repository: string, commit: string, path: string): Promise<string> => {
  const options = { cwd: repository, silent: true, ignoreReturnCode: true }
  const { exitCode, stdout, stderr } = await getExecOutput('git', ['cat-file', 'blob', `${commit}:${path}`], options).catch(
    (cause: Error) => {
      throw new Refusal(`git could not be started in '${repository}': ${cause.message}`, { cause })
    },
  )
  if (exitCode === 0) return stdout
  await objectsOf(repository, commit, [])
  throw new Refusal(
    `'${path}' is not in commit ${commit.slice(0, 12)}: commit it, or correct input 'config' (${stderr.trim().replaceAll(/\s*\n\s*/g, ' ')})`,
  )
}
