import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const tag = 'slipway.local/runtime-case:1'

/** Makes an image of this machine's Node as `/bin/node`, its libraries and a shell, with no registry involved. */
export const importNodeImage = async (): Promise<string> => {
  const listed = await Promise.all([process.execPath, '/bin/sh'].map((program) => run('ldd', [program])))
  const libraries = listed.flatMap(({ stdout }) => [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? ''))
  const files = [...new Set([process.execPath, '/bin/sh', ...libraries])].map((path) => `'${path}'`).join(' ')
  const rename = `s,^${process.execPath.slice(1)}$,bin/node,`
  await run('sh', ['-c', `tar -C / -ch --transform '${rename}' ${files} 2>/dev/null | docker import - ${tag}`])
  return tag
}
