/** Asks until the answer is right; gives up after a minute. */
export const eventually = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not reached within a minute: ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
