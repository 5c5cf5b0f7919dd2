import type { ImageContent } from '../../../lib/oci/layout.ts'
import { type Pushed, pushImage } from '../../../lib/oci/push.ts'
import { type ConnectionOptions, connect, retryOf } from './connection.ts'

/** What it answers with pushes one image by digest, and is then of no more use. */
export const uploadTo = (options: ConnectionOptions) => {
  const connection = connect(options)
  return async (image: ImageContent): Promise<Pushed> => {
    try {
      return await pushImage(image, connection, retryOf(options))
    } finally {
      connection.close()
    }
  }
}
