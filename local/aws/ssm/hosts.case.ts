import { EC2 } from '@aws-sdk/client-ec2'
import { type CommandInvocation, type SendCommandRequest, SSM } from '@aws-sdk/client-ssm'
import { type CloudCore, startCloud } from '../../cloud.ts'
import type { ScenarioRole } from '../../scenario.ts'
import { scaledTime } from '../../time.ts'
import type { HostExecutor } from './executor.ts'
import { type HostServices, hostServices } from './host-services.ts'

export const account = '222222222222'
export const region = 'eu-west-1'
export const ids = ['i-0000000a', 'i-0000000b', 'i-0000000c']

/** One parameter by variable, one in the text, and a script that shows both. */
export const content = {
  schemaVersion: '2.2',
  parameters: {
    Said: { type: 'String', interpolationType: 'ENV_VAR', default: 'nothing', allowedPattern: '^[a-z]+$' },
    Open: { type: 'String', default: 'open', allowedPattern: '[a-z]' },
    Shout: { type: 'String', interpolationType: 'ENV_VAR', default: 'no', allowedValues: ['yes', 'no'] },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'host',
      inputs: { timeoutSeconds: '60', runCommand: ['#!/bin/bash', 'printf "%s" "{{ Open }}"'] },
    },
  ],
}

type Given = Omit<Parameters<typeof hostServices>[0], 'time' | 'executor' | 'documents' | 'instances'>

/** Three tagged instances with an agent, and one document. */
export const startHosts = async (
  executor: HostExecutor,
  {
    factor = 200,
    document = content as object,
    roles = [] as ScenarioRole[],
    ...given
  }: Given & { factor?: number; document?: object; roles?: ScenarioRole[] } = {},
) => {
  const time = scaledTime(factor)
  const hosts: HostServices = hostServices({
    time,
    executor,
    documents: [{ account, region, name: 'swap', content: document }],
    instances: ids.map((instanceId) => ({ account, region, instanceId, tags: { service: 'edge' } })),
    ...given,
  })
  let issueKey: CloudCore['issueKey'] | undefined
  const services = (core: CloudCore) => {
    issueKey = core.issueKey
    return hosts.services
  }
  const cloud = await startCloud({ time, scenario: { accounts: [account], roles }, services })
  const config = { region, endpoint: cloud.endpoint, credentials: cloud.adminKey(account), maxAttempts: 1 }
  const ssm = new SSM(config)
  const send = async (more: Partial<SendCommandRequest> = {}): Promise<string> => {
    const target = more.Targets ? {} : { InstanceIds: ids.slice(0, 1) }
    const { Command } = await ssm.sendCommand({ DocumentName: 'swap', ...target, ...more })
    return Command?.CommandId ?? ''
  }
  const invocations = async (CommandId: string): Promise<CommandInvocation[]> =>
    (await ssm.listCommandInvocations({ CommandId, Details: true })).CommandInvocations ?? []
  const until = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
    for (let answer = await ask(); ; answer = await ask()) {
      if (right(answer)) return answer
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const running = /^(Pending|InProgress|Delayed|Cancelling)$/
  return {
    ...hosts,
    cloud,
    config,
    ssm,
    ec2: new EC2(config),
    /** Systems Manager as a session of that role sees it. */
    as: (role: string): SSM => {
      const key = issueKey?.({ account, arn: `arn:aws:sts::${account}:assumed-role/${role}/job`, role }, 900)
      return new SSM({ ...config, ...(key && { credentials: key }) })
    },
    send,
    invocations,
    /** The command once it and its invocations have ended; `details` by instance. */
    ended: async (CommandId: string) => {
      const ask = async () => (await ssm.listCommands({ CommandId })).Commands?.[0]
      const command = await until(ask, (found) => found !== undefined && !running.test(found.Status ?? ''))
      const all = await invocations(CommandId)
      return { command, details: all.map(({ StatusDetails }) => StatusDetails), invocations: all }
    },
    /** Waits for a state of an invocation. */
    reaches: (CommandId: string, status: string, nth = 0) =>
      until(
        () => invocations(CommandId),
        (all) => all[nth]?.Status === status,
      ),
    output: async (CommandId: string, InstanceId = ids[0]) => ssm.getCommandInvocation({ CommandId, InstanceId }),
    close: async () => {
      await hosts.stopAll()
      await cloud.close()
    },
  }
}

/** Ends every script, as soon as that is done, with the exit code that `codes` has for the instance; 0 by default. */
export const exiting = (
  codes: Record<string, number> = {},
  done: Promise<unknown> = Promise.resolve(),
): HostExecutor & { ran: string[] } => {
  const ran: string[] = []
  return {
    ran,
    run: ({ instanceId }, signal) => {
      ran.push(instanceId)
      return new Promise((resolve) => {
        const end = (code: number) => resolve({ code, stdout: `${instanceId}\n`, stderr: '' })
        if (signal.aborted) end(137)
        signal.addEventListener('abort', () => end(137))
        void done.then(() => end(codes[instanceId] ?? 0))
      })
    },
    reboot: async () => {},
  }
}
