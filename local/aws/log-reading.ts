import { AwsError } from './service.ts'

/** Filter patterns made of terms and quoted phrases, all of which must occur. The other forms are refused by name. */
export const matcher = (pattern = ''): ((message: string) => boolean) => {
  if (/^\s*[{[%]|(?:^|\s)[?-]/.test(pattern)) {
    throw new AwsError('NotImplemented', `NotImplemented: logs:FilterLogEvents with filterPattern ${pattern}`, 501)
  }
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map(([, phrase, word]) => phrase ?? word ?? '')
  return (message) => terms.every((term) => message.includes(term))
}

/**
 * Which events GetLogEvents gives back. Without a token the newest ones, or from the head the oldest; with a token the ones
 * after or before it. At the end of the stream the token that was given comes back, which is how callers know.
 */
export const windowOf = (count: number, limit: number, fromHead: boolean, token: string | undefined) => {
  const [, direction, at] = token === undefined ? [] : (/^([fb])\/(\d+)$/.exec(token) ?? [])
  if (token !== undefined && at === undefined) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.')
  }
  const forward = direction === undefined ? fromHead : direction === 'f'
  const edge = at === undefined ? (forward ? 0 : count) : Math.min(Number(at), count)
  const start = forward ? edge : Math.max(0, edge - limit)
  const end = forward ? Math.min(count, edge + limit) : edge
  return { start, end, nextForwardToken: `f/${end}`, nextBackwardToken: `b/${start}` }
}
