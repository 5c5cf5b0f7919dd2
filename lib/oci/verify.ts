import { createHash } from 'node:crypto'
import type { Descriptor } from './manifest.ts'

/** The bytes are not those that the digest names. Reading them again would not help. */
export class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob'
}

/**
 * Passes bytes through unchanged, and throws a `DamagedBlob` if they are not what the descriptor names: before the last of them, so
 * that whoever receives damaged bytes never has as many as were announced.
 */
export async function* verified(content: AsyncIterable<Buffer>, { digest, size }: Descriptor): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let bytes = 0
  const check = (): void => {
    const actual = `sha256:${hash.digest('hex')}`
    if (actual !== digest) throw new DamagedBlob(`the content of ${digest} hashes to ${actual} (${bytes} of ${size} bytes)`)
  }
  for await (const chunk of content) {
    bytes += chunk.length
    if (bytes > size) throw new DamagedBlob(`${digest} is longer than its ${size} bytes`)
    hash.update(chunk)
    if (bytes === size) check()
    yield chunk
  }
  if (bytes < size || size === 0) check()
}
