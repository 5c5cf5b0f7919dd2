import type { ClientConfig, Session } from './session.ts'

/** The part of an SDK client that every one has, whatever it talks to. */
type Stacked = {
  middlewareStack: {
    add(
      middleware: (
        next: (args: object) => Promise<object>,
        context: { commandName?: string },
      ) => (args: object) => Promise<object>,
      options: { step: 'finalizeRequest'; priority: 'low'; name: string },
    ): void
  }
}

const READING = /^(Describe|List|Get|BatchGet|AssumeRole)/

/**
 * The same session, whose clients ask before every write, and again before each attempt to repeat one: `check` throws
 * where nothing may be written any more, and then the request is not sent.
 */
export const fenced = (session: Session, check: () => void): Session => {
  const fence = <C>(client: C): C => {
    const { middlewareStack } = client as C & Stacked
    middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (!READING.test(commandName)) check()
          return next(args)
        },
      // In this step, and after the middleware that retries: it runs for each attempt.
      { step: 'finalizeRequest', priority: 'low', name: 'askBeforeWriting' },
    )
    return client
  }
  return {
    ...session,
    client: <C>(Client: new (config: ClientConfig) => C, region?: string): C => fence(session.client(Client, region)),
    clientWithoutRetry: <C>(Client: new (config: ClientConfig) => C): C => fence(session.clientWithoutRetry(Client)),
  }
}
