import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install } from '../engine/base-image.ts'
import { attempt, run } from '../engine/command.ts'
import { ensureProxyProgram } from '../engine/packages.ts'

type Options = { home: string; env: Record<string, string>; say: (line: string) => void }

const entryPoint = JSON.stringify(['/usr/sbin/haproxy', '-W', '-db', '-f', '/etc/haproxy/haproxy.cfg'])

/**
 * Reference of an image with Debian's HAProxy and the libraries that it needs: the proxy of simulated hosts, also where no image
 * registry answers. It reads `/etc/haproxy/haproxy.cfg`, and ends gracefully when it is stopped.
 */
export const proxyImage = async ({ home, env, say }: Options): Promise<string> => {
  const { program, libraries } = await ensureProxyProgram({ home, say })
  const about = await run(program, ['-v'], { env: libraries === '' ? {} : { LD_LIBRARY_PATH: libraries } })
  const image = `slipway.local/haproxy:${/version (\d+(\.\d+)+)/.exec(about)?.[1] ?? 'unknown'}`
  if ((await attempt('docker', ['image', 'inspect', image], { env })) !== undefined) return image
  const folder = await mkdtemp(join(tmpdir(), 'slipway-haproxy-'))
  try {
    const [root, archive] = [join(folder, 'root'), join(folder, 'root.tar')]
    await mkdir(join(root, 'run'), { recursive: true })
    await install(root, program, 'usr/sbin/haproxy', libraries)
    await run('tar', ['--owner=0', '--group=0', '--numeric-owner', '-C', root, '-cf', archive, '.'])
    const changes = [`ENTRYPOINT ${entryPoint}`, 'STOPSIGNAL SIGUSR1'].flatMap((change) => ['--change', change])
    await run('docker', ['import', ...changes, archive, image], { env })
    return image
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
