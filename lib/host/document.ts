import { PROGRAM } from './program.ts'
import { OPERATIONS } from './verdict.ts'

type DocumentParameter = {
  type: 'String'
  description: string
  /** The value arrives as `$SSM_<name>` and is never text of the script. Agents from `AGENT_VERSION` on. */
  interpolationType: 'ENV_VAR'
  default?: string
  allowedValues?: string[]
  allowedPattern?: string
  maxChars?: number
}

export type DocumentContent = {
  schemaVersion: '2.2'
  description: string
  parameters: Record<string, DocumentParameter>
  mainSteps: {
    action: 'aws:runShellScript'
    name: string
    precondition: { StringEquals: string[] }
    inputs: { timeoutSeconds: string; runCommand: string[] }
  }[]
}

/** The first version of the SSM agent that hands parameters over as environment variables. */
export const AGENT_VERSION = '3.3.2746.0'

/** Longer than any deployment, so that only what hangs is ended by it. */
const SECONDS = '1800'

/** Longest value of `Command`. The agent's regular expressions cannot count so far. */
const COMMAND_LENGTH = 8192

const parameter = (description: string, rest: Partial<DocumentParameter>): DocumentParameter => ({
  type: 'String',
  description,
  interpolationType: 'ENV_VAR',
  ...rest,
})

/**
 * The SSM document that runs the program on a host. What it may be given is chosen so that the deploy role decides which image of
 * `registryHost` runs, and nothing else. The agent's patterns are RE2 and not anchored, so each of these is.
 */
export const hostDocument = (registryHost: string): DocumentContent => ({
  schemaVersion: '2.2',
  description: 'Switches a service on a Docker host to another image, and says what runs there',
  parameters: {
    // Old agents check patterns only, and the service values too.
    Operation: parameter('What to do.', { allowedValues: [...OPERATIONS], allowedPattern: `^(${OPERATIONS.join('|')})$` }),
    Service: parameter('Name of the service, and of its file in /etc/slipway.', { allowedPattern: '^[a-z][a-z0-9-]{0,30}$' }),
    Image: parameter('Image by digest. Empty for status and reconcile.', {
      default: '',
      allowedPattern: `^(${registryHost.replaceAll('.', '\\.')}/[a-z0-9][a-z0-9._/-]{0,199}@sha256:[a-f0-9]{64})?$`,
    }),
    Release: parameter('Name of the release; for rollback the one to go back to.', {
      default: 'none',
      allowedPattern: '^[A-Za-z0-9._-]{1,64}$',
    }),
    Version: parameter('Content tag that /version is to answer with. Empty: it is not compared.', {
      default: '',
      allowedPattern: '^[A-Za-z0-9._-]{0,128}$',
    }),
    Command: parameter('Command of run, a JSON array of words in base64, so that no character of it means anything to a shell.', {
      default: '',
      allowedPattern: '^[A-Za-z0-9+/=]*$',
      maxChars: COMMAND_LENGTH,
    }),
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'host',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: { timeoutSeconds: SECONDS, runCommand: PROGRAM.trimEnd().split('\n') },
    },
  ],
})
