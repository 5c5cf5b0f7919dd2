import { randomBytes } from 'node:crypto'
import type { Principal } from '../service.ts'

const twelveHours = 12 * 3_600_000

/** Authorization tokens of ECR: user `AWS`, valid 12 hours of real time, in every registry that the principal may use. */
export const createRegistryTokens = (now: () => Date) => {
  const tokens = new Map<string, { principal: Principal; password: string; expiresAt: Date }>()
  return {
    issue(principal: Principal) {
      const token = {
        principal,
        password: randomBytes(600).toString('base64'),
        expiresAt: new Date(now().getTime() + twelveHours),
      }
      tokens.set(token.password, token)
      return token
    },
    /** What is behind a `Basic` header. A token that expired is told apart, because the registry answers it differently. */
    check(authorization: string | undefined): Principal | 'expired' | undefined {
      const [scheme, encoded = ''] = (authorization ?? '').split(' ')
      if (scheme?.toLowerCase() !== 'basic') return undefined
      const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
      const token = user === 'AWS' && password !== undefined ? tokens.get(password) : undefined
      if (token === undefined) return undefined
      return token.expiresAt <= now() ? 'expired' : token.principal
    },
    /** All that was issued, as passwords and as the user's name and password in base64. */
    secrets: (): string[] =>
      [...tokens.keys()].flatMap((password) => [password, Buffer.from(`AWS:${password}`).toString('base64')]),
  }
}

export type RegistryTokens = ReturnType<typeof createRegistryTokens>
