/** One run of a document's script on a host, as the agent starts it. */
export type HostRun = {
  instanceId: string
  commandId: string
  script: string
  /** What the agent adds to its own environment: `SSM_…` of the parameters, `AWS_SSM_…`, `SSM_COMMAND_ID`. */
  environment: Record<string, string>
  /** What the script is meant to get, however it gets it. */
  parameters: Record<string, string>
}

/** The exit code is -1 for a script that a signal ended. */
export type HostExit = { code: number; stdout: string; stderr: string }

/** What a host does with a script. */
export type HostExecutor = {
  /** Resolves when the script has ended. When the signal is aborted all of its processes are killed at once, with what they printed kept. */
  run(run: HostRun, signal: AbortSignal): Promise<HostExit>
  /** Restarts the host; resolves when its agent answers again. */
  reboot(instanceId: string): Promise<void>
}
