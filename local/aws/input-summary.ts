const longest = 300
const hidden = '(hidden)'

/** Names under which AWS inputs carry credentials. Paging and idempotency tokens are no secrets and stay readable. */
const secret = /^(WebIdentityToken|SAMLAssertion|password|authorizationToken|layerPartBlob|secretString)$/i

const summariseText = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`

const summariseEnvironment = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((entry) => ({ name: (entry as { name?: unknown }).name, value: hidden })) : hidden

/** What the recorder keeps of an input: everything but secrets, with long texts cut and log lines counted. */
export const summarise = (input: unknown): unknown => {
  if (typeof input === 'string') return summariseText(input)
  if (Array.isArray(input)) return input.map(summarise)
  if (typeof input !== 'object' || input === null) return input
  const fields = Object.entries(input)
  const isSecureString = fields.some(([key, value]) => key === 'Type' && value === 'SecureString')
  return Object.fromEntries(
    fields.map(([key, value]) => {
      if (secret.test(key) || (isSecureString && key === 'Value')) return [key, hidden]
      if (key === 'environment') return [key, summariseEnvironment(value)]
      if (key === 'logEvents' && Array.isArray(value)) return [key, `(${value.length} events)`]
      return [key, summarise(value)]
    }),
  )
}
