type Nested = { [key: string]: string | Nested | (string | Nested)[] }

/** `Tags.member.1.Key=a` and its like as objects and lists: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const unflatten = <T>(flat: Record<string, string>): T => {
  const root: Nested = {}
  for (const [path, value] of Object.entries(flat)) {
    // An empty list; no member of an input is an empty text.
    if (value === '' && !path.includes('.')) continue
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let at: Nested = root
    for (const key of keys) {
      at[key] ??= {}
      at = at[key] as Nested
    }
    at[last] = value
  }
  return listed(root) as T
}

/** A list travels as an object with the one key `member` and numbers below it. */
const listed = (value: string | Nested | (string | Nested)[]): unknown => {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  const { member } = value
  if (typeof member === 'object' && Object.keys(value).length === 1) return Object.values(member).map((each) => listed(each))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, listed(each)]))
}
