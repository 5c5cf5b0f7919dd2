import type { Gate } from './gate.ts'

/** An account that `delivery.json` names, and what AWS said of the credentials used for it. */
export type AccountCheck = {
  /** `registry`, or an environment. */
  place: string
  account: string
  /** Why the credentials are not of this account; absent where AWS confirmed it. */
  refusal?: string
}

/** Everything that was read came from the accounts of `delivery.json`. */
export const account = (checks: readonly AccountCheck[]): Gate => {
  const evidence = Object.fromEntries(checks.map(({ place, account }) => [place, account]))
  const wrong = checks.find(({ refusal }) => refusal !== undefined)
  if (wrong?.refusal !== undefined)
    return { gate: 'account', result: 'fail', reason: `${wrong.place}: ${wrong.refusal}`, evidence }
  const places = checks.map(({ place, account }) => `${place} is ${account}`).join(', ')
  return { gate: 'account', result: 'pass', reason: `AWS confirmed the accounts: ${places}`, evidence }
}
