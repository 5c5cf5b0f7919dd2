import { expect, test } from 'vitest'
import { childEnvironment } from './child.ts'

test("a program gets the job's environment without this step's inputs, state and right to ask for identities", () => {
  const job = { PATH: '/bin', NPM_TOKEN: 'wanted by the build', GITHUB_SHA: 'c' }
  const ours = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://example.org',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
    ACTIONS_RUNTIME_TOKEN: 't',
    INPUT_TAG: 'dev',
    STATE_main: 'started',
  }
  expect(childEnvironment({ ...job, ...ours })).toEqual(job)
})
