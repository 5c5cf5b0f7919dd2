import { copyImage } from '../lib/oci/copy.ts'
import { openRegistry } from '../lib/oci/registry.ts'

/** One copy as a process of its own: node bench/copy-once.ts FROM TO NAME DIGEST. Its peer is a program too. */
const [from = '', to = '', repository = '', digest = ''] = process.argv.slice(2)
const [source, target] = [from, to].map((address) =>
  openRegistry({
    address,
    token: 'bm9ib2R5',
    repository,
    connections: 4,
    idle: 30_000,
    now: Date.now,
    onRequest: () => undefined,
  }),
)
if (source === undefined || target === undefined) throw new Error('two registries are needed')
const retry = { attempts: 1, sleep: async () => undefined, random: () => 0 }
await copyImage(source, target, digest, { referrers: false, retry })
source.close()
target.close()
