import { type Step, startAction } from '../../local/github/step.ts'
import type { Place } from './place.ts'
import type { Clone } from './project.ts'

/** Runs an action with the credentials of the place, as a job on the head of dev would. Throws what it says where it is red. */
export type Run = (action: string, run: number, inputs: Record<string, string>, isRed?: boolean) => Promise<Step>

export const runner =
  (place: Place, clone: Clone, project: string, print: (line: string) => void): Run =>
  async (action, run, inputs, isRed = false) => {
    const env = {
      ...place.env,
      GITHUB_ACTOR: 'live',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/heads/dev',
      GITHUB_REPOSITORY: `slipway/${project}`,
      GITHUB_RUN_ID: String(run),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_SHA: clone.head(),
      GITHUB_WORKSPACE: clone.folder,
    }
    const entry = place.entry?.(action)
    const onLine = ({ text }: { text: string }) => {
      if (!text.startsWith('::add-mask::') && !text.startsWith('::debug::')) print(`    ${text}`)
    }
    const step = await startAction(action, inputs, { env, onLine, ...(entry !== undefined && { entry }) }).done
    if ((step.exitCode !== 0) !== isRed) {
      throw new Error(
        `${action} ended ${step.exitCode === 0 ? 'green' : 'red'}: ${step.outputs['reason'] ?? step.lines.at(-1)?.text}`,
      )
    }
    return step
  }
