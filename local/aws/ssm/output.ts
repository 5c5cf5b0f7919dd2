const cutBytes = (text: string, bytes: number): string => Buffer.from(text).subarray(0, Math.max(bytes, 0)).toString()

const prefix = (text: string, most: number): string => {
  const suffix = '--output truncated--'
  return Buffer.byteLength(text) < most ? text : cutBytes(text, most - suffix.length) + suffix
}

/** What GetCommandInvocation gives of an output: its beginning, marked where it was cut. */
export const contents = (stdout: string, stderr: string) => ({
  StandardOutputContent: prefix(stdout, 24_000),
  StandardErrorContent: prefix(stderr, 8_000),
})

/** What ListCommandInvocations gives: both outputs together, the agent's way to share 2,500 bytes between them. */
export const combined = (stdout: string, stderr: string): string => {
  const title = stderr === '' ? '' : '\n----------ERROR-------\n'
  const outputCut = '\n---Output truncated---'
  const errorCut = '\n---Error truncated----'
  const [outputSize, errorSize] = [Buffer.byteLength(stdout), Buffer.byteLength(stderr)]
  const space = 2_500 - title.length
  if (outputSize + errorSize < space) return stdout + title + stderr
  if (outputSize > space / 2 && errorSize > space / 2) {
    const half = Math.floor((space - outputCut.length - errorCut.length) / 2)
    return cutBytes(stdout, half) + outputCut + title + cutBytes(stderr, half) + errorCut
  }
  if (outputSize <= space / 2) return stdout + title + cutBytes(stderr, space - errorCut.length - outputSize) + errorCut
  return cutBytes(stdout, space - outputCut.length - errorSize) + outputCut + title + stderr
}
