import type { Secrets } from '../ecs/ports.ts'
import { createParameterStore, type ParameterStore } from './parameter-store.ts'

/** The parameters of an account in a region. */
export type ParameterStores = (account: string, region: string) => ParameterStore

export const parameterStores = (): ParameterStores => {
  const stores = new Map<string, ParameterStore>()
  return (account, region) => {
    const key = `${account}/${region}`
    const store = stores.get(key) ?? createParameterStore()
    stores.set(key, store)
    return store
  }
}

const parameterArn = /^arn:aws:ssm:(?<region>[^:]+):(?<account>\d{12}):parameter(?<name>\/.+)$/

/** Reads the `secrets` of task definitions: by name in the task's account and region, by ARN in its own. */
export const parameterSecrets =
  (stores: ParameterStores): Secrets =>
  async (at, valueFrom) => {
    const { account = at.account, region = at.region, name = valueFrom } = parameterArn.exec(valueFrom)?.groups ?? {}
    const store = stores(account, region)
    // A name without a slash has none, though its ARN does.
    return store.get(store.find(name) === undefined ? name.replace(/^\//, '') : name).value
  }
