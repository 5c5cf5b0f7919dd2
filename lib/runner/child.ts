/** With these a process could ask for identities in this job's name, or read what only this action was given. */
const OURS = /^(ACTIONS_ID_TOKEN_REQUEST_|ACTIONS_RUNTIME_TOKEN$|INPUT_|STATE_)/

/** The environment for a program that this action starts: that of the job, without what belongs to this step alone. */
export const childEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)))
