import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Started, startServer } from './process.ts'

/** MiniStack with `AUTH=true`, which verifies signatures and asks policies, in a folder that ends with it. */
export const launchMiniStack = async (
  programs: string,
  more: Record<string, string> = {},
): Promise<Started & { port: number }> => {
  const cwd = await mkdtemp(join(tmpdir(), 'ministack-'))
  const port = await freePort()
  const env = {
    ...more,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    AUTH: 'true',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    S3_DATA_DIR: join(cwd, 's3'),
    STATE_DIR: join(cwd, 'state'),
    TMPDIR: cwd,
    HOME: cwd,
  }
  const removed = () => rm(cwd, { recursive: true, force: true })
  try {
    const { url, stop } = await startServer(join(programs, 'ministack'), [], port, { env, cwd })
    return { url, port, stop: () => stop().finally(removed) }
  } catch (error) {
    await removed()
    throw error
  }
}
