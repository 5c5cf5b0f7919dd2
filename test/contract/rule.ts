import type { Subject } from './subject.ts'

/** One rule of AWS, as its documentation states it, and how to see whether an implementation keeps it. */
export type Rule = {
  /** `service.what.case` */
  id: string
  /** The page that states it. */
  source: string
  text: string
  /** What the subject must offer beyond the plain calls; without it the rule is not asked. */
  needs?: Capability[]
  /** Makes what it needs, calls, and resolves to what it has seen, as plain JSON. */
  run(subject: Subject): Promise<unknown>
  /** What AWS answers. */
  expected: unknown
}

/**
 * `registry`: the HTTP interface of image registries. `containers`: tasks that run and end. `roles`: the roles of `roles.ts`,
 * with an OIDC provider whose tokens the subject can make. `accounts`: keys of a second account. `functions`: functions of images
 * whose layers hold nothing that could run. `invocations`: they answer nevertheless, with their event, and fail where it says `fail`. `hosts`: an
 * instance on which Run Command runs scripts.
 */
export type Capability = 'registry' | 'containers' | 'roles' | 'accounts' | 'functions' | 'invocations' | 'hosts'

const unknownOperation = [
  'NotImplemented',
  'NotImplementedError',
  'InvalidAction',
  'UnknownOperationException',
  'UnsupportedOperation',
]

/** Whether an emulator says, in one way or another, that it does not serve the call; a page of its framework is no answer either. */
export const isNotImplemented = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  // Moto raises inside for what it lacks, and answers 500 with HTML: only the raw response of the SDK's parse error has the status.
  const raw = '$response' in error ? (error.$response as { statusCode?: number } | undefined)?.statusCode : undefined
  const status = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined
  // A REST call that it does not know is a page that it does not have.
  const isPage = error.name === 'SyntaxError' && (raw === 404 || (raw ?? 0) >= 500)
  return unknownOperation.includes(error.name) || status === 501 || isPage
}

/** The name of the error that a call ends with; `accepted` when it does not. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: Error) => {
      if (isNotImplemented(error)) throw error
      return error.name
    },
  )

/** Asks until the answer is right; rejects with the last answer when the subject's patience ends. */
export const until = async <T>(subject: Subject, ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
  const deadline = performance.now() + subject.patience
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (performance.now() > deadline) throw new Error(`not reached, last answer: ${JSON.stringify(answer)?.slice(0, 300)}`)
    await new Promise((resolve) => setTimeout(resolve, subject.poll))
  }
}

const scenarios = new WeakMap<Subject, Map<string, Promise<unknown>>>()

/** Plays a scenario once for each subject, however many rules look at it. */
export const once = <T>(name: string, play: (subject: Subject) => Promise<T>): ((subject: Subject) => Promise<T>) => {
  return (subject) => {
    const played = scenarios.get(subject) ?? new Map<string, Promise<unknown>>()
    scenarios.set(subject, played)
    const result = (played.get(name) ?? play(subject)) as Promise<T>
    played.set(name, result)
    return result
  }
}
