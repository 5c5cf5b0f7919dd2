import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Descriptor } from './manifest.ts'

/** The bytes are not those that the digest names. Reading them again would not help. */
export class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob'
}

/**
 * Passes bytes through unchanged, and ends with a `DamagedBlob` if they are not what the descriptor names. The last chunk is
 * held back until the hash is known: whoever receives damaged bytes never has as many as were announced.
 */
export const verifying = ({ digest, size }: Descriptor): Transform => {
  const hash = createHash('sha256')
  let bytes = 0
  let held: Buffer | undefined
  return new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      bytes += chunk.length
      if (bytes > size) return done(new DamagedBlob(`${digest} is longer than its ${size} bytes`))
      const ready = held
      held = chunk
      done(null, ready)
    },
    flush(done) {
      const actual = `sha256:${hash.digest('hex')}`
      if (actual === digest) return done(null, held)
      done(new DamagedBlob(`the content of ${digest} hashes to ${actual} (${bytes} of ${size} bytes)`))
    },
  })
}
