import type { Time } from '../../time.ts'
import type { Instance } from '../ec2/fleet.ts'
import { type ParameterValues, refusedByAgent, substitute } from './document-parameters.ts'
import type { DocumentContent, DocumentStep } from './documents.ts'
import type { HostExecutor, HostExit } from './executor.ts'

/** What the agent answers for a command; `refused` where it did not start the script. */
export type AgentReply = HostExit & { status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled'; details: string; refused?: true }

const refusal = (stderr: string): AgentReply => ({
  status: 'Failed',
  details: 'Failed',
  code: -1,
  stdout: '',
  stderr,
  refused: true,
})

/** The first version that hands parameters over as environment variables. */
const interpolating = [3, 3, 2746, 0]

const handsOverVariables = (version: string): boolean => {
  const parts = version.split('.').map(Number)
  const differing = interpolating.findIndex((part, index) => part !== parts[index])
  return differing === -1 || (parts[differing] ?? 0) > (interpolating[differing] ?? 0)
}

/** Seconds that a step may take; the agent's default for what is no number between 5 and 172800 is an hour. */
export const stepTimeout = ({ mainSteps }: DocumentContent): number => {
  const seconds = Math.trunc(Number(mainSteps[0]?.inputs.timeoutSeconds ?? Number.NaN))
  return seconds >= 5 && seconds <= 172_800 ? seconds : 3600
}

/** Script and environment that a version of the agent makes of the values. */
const prepare = ({ parameters = {} }: DocumentContent, { inputs }: DocumentStep, values: ParameterValues, version: string) => {
  const byVariable = ([name]: [string, unknown]) =>
    handsOverVariables(version) && parameters[name]?.interpolationType === 'ENV_VAR'
  const entries = Object.entries(values)
  const variables = entries.filter(byVariable).map(([name, value]) => [`SSM_${name}`, String(value)])
  const tokens = Object.fromEntries(entries.filter((entry) => !byVariable(entry)))
  return { script: `${substitute(inputs.runCommand.join('\n'), tokens)}\n`, variables: Object.fromEntries(variables) }
}

type Delivered = { commandId: string; content: DocumentContent; values: ParameterValues; instance: Instance }

const reboot = 194
const killed = 137

/**
 * Runs a delivered command as amazon-ssm-agent does: patterns, parameters, one step, its time limit, exit codes. `cancelled`
 * kills it. Resolves to the agent's reply; the codes are in agent/plugins/pluginutil and agent/appconfig/constants_unix.go.
 */
export const runDelivered = async (
  time: Time,
  executor: HostExecutor,
  delivered: Delivered,
  cancelled: AbortSignal,
): Promise<AgentReply> => {
  const { commandId, content, values, instance } = delivered
  const [step] = content.mainSteps
  if (content.schemaVersion !== '2.2' || step?.action !== 'aws:runShellScript' || content.mainSteps.length !== 1) {
    return refusal('only documents of schema 2.2 with one step aws:runShellScript are run here')
  }
  const refused = refusedByAgent(content, values)
  if (refused.length > 0) return refusal(`all errors during param validation errors: ${refused.join('\n')}`)
  const { script, variables } = prepare(content, step, values, instance.agentVersion)
  const environment = {
    ...variables,
    AWS_SSM_INSTANCE_ID: instance.instanceId,
    AWS_SSM_REGION_NAME: instance.region,
    SSM_COMMAND_ID: commandId,
  }
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  const limit = new AbortController()
  const stop = time.after(stepTimeout(content) * 1000, () => limit.abort(new Error('the time limit of the step')))
  const signal = AbortSignal.any([cancelled, limit.signal])
  try {
    for (;;) {
      const run = { instanceId: instance.instanceId, commandId, script, environment, parameters }
      const exit = await executor.run(run, signal)
      if (exit.code !== reboot || signal.aborted) return reply(exit, cancelled.aborted, limit.signal.aborted)
      await executor.reboot(instance.instanceId)
    }
  } finally {
    stop()
  }
}

const reply = (exit: HostExit, cancelled: boolean, late: boolean): AgentReply => {
  if (cancelled) return { ...exit, code: killed, status: 'Cancelled', details: 'Cancelled' }
  if (late || exit.code === killed) return { ...exit, code: killed, status: 'TimedOut', details: 'ExecutionTimedOut' }
  if (exit.code === 0) return { ...exit, status: 'Success', details: 'Success' }
  const stderr = `${exit.stderr}${exit.stderr === '' ? '' : '\n'}failed to run commands: ${exit.code === -1 ? 'signal: killed' : `exit status ${exit.code}`}`
  return { ...exit, stderr, status: 'Failed', details: 'Failed' }
}
