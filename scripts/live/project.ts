import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { git } from './git.ts'

export type Target = Configuration['services'][string]['target']

/** The sample service on each target, in one environment of one account, as cheap as it goes, and with nothing protected. */
export const liveConfiguration = (
  project: string,
  place: { account: string; region: string },
  targets: readonly Target[],
  existingProvider: boolean,
): Configuration => {
  const { account, region } = place
  const all: Configuration['services'] = {
    api: { image: 'app', target: 'ecs', port: 8080, health: '/healthz', cpu: 256, memory: 512, count: 1 },
    events: {
      image: 'app',
      target: 'lambda',
      functions: { events: { command: ['node', 'dist/lambda.js'], smoke: 'version' } },
    },
    edge: { image: 'app', target: 'ec2', port: 8080, health: '/healthz', count: 1 },
  }
  return {
    project,
    repository: { owner: 'slipway', ownerId: 1, name: project, id: 2, subject: 'immutable' },
    registry: { account, region },
    environments: {
      dev: {
        branch: 'dev',
        account,
        region,
        protect: false,
        network: { subnets: 'public', flowLogs: false },
        budgets: [{ limit: 10 }],
      },
    },
    images: { app: { context: 'app' } },
    services: Object.fromEntries(Object.entries(all).filter(([, { target }]) => targets.includes(target))),
    ...(existingProvider && { identity: { existingProvider: [account] } }),
  }
}

export type Clone = {
  folder: string
  head(): string
  /** Changes the sample service and commits. */
  change(edit: (text: string) => string, message: string): void
}

/** A repository with the sample service and this configuration, on the branch dev. */
export const makeClone = (root: string, folder: string, configuration: Configuration): Clone => {
  mkdirSync(folder, { recursive: true })
  const filter = (path: string) => !/\/(node_modules|dist)(\/|$)/.test(path.slice(root.length))
  cpSync(join(root, 'app'), join(folder, 'app'), { recursive: true, filter })
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(configuration, null, 2))
  writeFileSync(join(folder, '.gitignore'), 'build/\n')
  git(folder, 'init', '--quiet', '--initial-branch=dev')
  const commit = (message: string): void => {
    git(folder, 'add', '--all')
    git(folder, 'commit', '--quiet', '--message', message)
  }
  commit('Begin')
  const server = join(folder, 'app', 'src', 'server.ts')
  return {
    folder,
    head: () => git(folder, 'rev-parse', 'HEAD'),
    change: (edit, message) => {
      writeFileSync(server, edit(readFileSync(server, 'utf8')))
      commit(message)
    },
  }
}
