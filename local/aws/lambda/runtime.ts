/** One invocation of one version. */
export type Invocation = {
  requestId: string
  functionName: string
  /** `$LATEST` or a number. */
  version: string
  /** Changes whenever another environment is needed: with another version, or other code or configuration of `$LATEST`. */
  environmentId: string
  /** ARN with the qualifier that was asked for. */
  invokedArn: string
  image: { reference: string; digest: string; credentials: { username: string; password: string } }
  entryPoint: string[] | undefined
  command: string[] | undefined
  workingDirectory: string | undefined
  environment: Record<string, string>
  /** MiB. */
  memory: number
  /** Nominal milliseconds. */
  timeout: number
  /** JSON. */
  payload: string
  /** One line of the function's output. */
  log(line: string): void
}

export type InvocationResult = {
  /** JSON of the function, or of the error. */
  payload: string
  functionError?: 'Unhandled'
}

/** Runs functions. */
export type FunctionRuntime = {
  /** Never rejects: what goes wrong in the function is a result with `functionError`. */
  invoke(invocation: Invocation): Promise<InvocationResult>
  /** Ends every environment. */
  close(): Promise<void>
}

/** An error as Lambda's own sandbox words it, https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
export const sandboxError = (requestId: string, errorType: string, text: string): InvocationResult => ({
  functionError: 'Unhandled',
  payload: JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${text}` }),
})

export const timedOut = ({ requestId, timeout }: Invocation): InvocationResult =>
  sandboxError(requestId, 'Sandbox.Timedout', `Task timed out after ${(timeout / 1_000).toFixed(2)} seconds`)
