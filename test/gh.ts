import type { GitHub } from '../local/github/api/api.ts'

/** `true`, `false` and whole numbers as what they are, as `gh api -F` does. */
const typed = (value: string): unknown => (/^(true|false|\d+)$/.test(value) ? JSON.parse(value) : value)

/**
 * Sends what `gh api -X METHOD PATH -f KEY=TEXT -F KEY=VALUE` would send, to the stand-in. Throws where GitHub refuses, and where the
 * command says anything else.
 */
export const gh = async ({ url }: GitHub, token: string, command: string): Promise<void> => {
  const [program, api, ...words] = command.trim().split(/\s+/)
  if (program !== 'gh' || api !== 'api') throw new Error(`not a call of gh api: ${command}`)
  let method = 'GET'
  let path: string | undefined
  const body: Record<string, unknown> = {}
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const [, option] = /^-([XfF])$/.exec(word) ?? []
    if (option === undefined) {
      if (path !== undefined || word.startsWith('-')) throw new Error(`not understood: ${word} in ${command}`)
      path = word
      continue
    }
    index++
    const value = words[index] ?? ''
    const [, key = '', text = ''] = /^([^=]+)=(.*)$/.exec(value) ?? []
    if (option === 'X') method = value
    else body[key] = option === 'F' ? typed(text) : text
  }
  const answer = await fetch(`${url}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(Object.keys(body).length > 0 && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${command}: ${answer.status} ${await answer.text()}`)
}
