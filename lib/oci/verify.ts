import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Descriptor } from './manifest.ts'

/** The bytes are not those that the digest names. Reading them again would not help. */
class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob'
}

/** Passes bytes through unchanged, and ends with a `DamagedBlob` if they are not what the descriptor names. */
export const verifying = ({ digest, size }: Descriptor): Transform => {
  const hash = createHash('sha256')
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(bytes > size ? new DamagedBlob(`${digest} is longer than its ${size} bytes`) : null, chunk)
    },
    flush(done) {
      const actual = `sha256:${hash.digest('hex')}`
      done(actual === digest ? null : new DamagedBlob(`the content of ${digest} hashes to ${actual} (${bytes} of ${size} bytes)`))
    },
  })
}
