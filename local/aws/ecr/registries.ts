import { type Listener, listen } from '../../listen.ts'
import { createDownloads } from './downloads.ts'
import { createRegistry, type RegistryDependencies } from './registry.ts'
import type { Repository } from './repositories.ts'
import type { OciStore } from './store.ts'
import { createUploads } from './uploads.ts'

export type Registries = {
  /** `http://127.0.0.1:PORT` of that registry, opened when it is first asked for. */
  url(account: string, region: string): Promise<string>
  /** A URL that needs no `Authorization`, valid an hour. */
  downloadUrl(repository: Repository, digest: string): Promise<string>
  close(): Promise<void>
}

export type RegistriesDependencies = Omit<RegistryDependencies, 'content'> & { now(): Date; store: OciStore }

/** The registries of all accounts and regions, each on a port of its own: its address alone tells whose it is. */
export const createRegistries = ({ now, store, ...dependencies }: RegistriesDependencies): Registries => {
  const downloads = createDownloads(store, now)
  const content = { now, store, uploads: createUploads(store), downloadUrl: downloads.url }
  const listeners = new Map<string, Promise<Listener>>()
  return {
    url: async (account, region) => {
      const key = `${account}/${region}`
      const listener = listeners.get(key) ?? listen(createRegistry(account, region, { ...dependencies, content }))
      listeners.set(key, listener)
      return (await listener).url
    },
    downloadUrl: downloads.url,
    close: async () => {
      await Promise.all([downloads.close(), ...[...listeners.values()].map(async (listener) => (await listener).close())])
    },
  }
}
