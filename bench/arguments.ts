import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Peer } from './figure.ts'

export type Arguments = {
  only: string[]
  runs: number | undefined
  peers: Peer[]
  json: string | undefined
  latency: number
}

export const usage = `usage: npm run bench -- [--only NAME …] [--runs N] [--latency MS] [--peer NAME=path/to/dist/index.js …] [--json FILE]`

/** Throws with a text for the user. */
export const readArguments = (given: string[], figures: readonly string[]): Arguments => {
  const { values } = parseArgs({
    args: given,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      latency: { type: 'string', default: '60' },
      peer: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
    },
  })
  const unknown = values.only.find((name) => !figures.includes(name))
  if (unknown !== undefined) throw new Error(`there is no figure '${unknown}'; there are ${figures.join(', ')}`)
  return {
    only: values.only,
    runs: values.runs === undefined ? undefined : number('runs', values.runs, 1),
    latency: number('latency', values.latency, 0),
    peers: values.peer.map(peer),
    json: values.json,
  }
}

const number = (name: string, value: string, least: number): number => {
  if (/^\d{1,4}$/.test(value) && Number(value) >= least) return Number(value)
  throw new Error(`--${name} must be a whole number from ${least} to 9999, got '${value}'`)
}

const peer = (value: string): Peer => {
  const at = value.indexOf('=')
  const path = resolve(value.slice(at + 1))
  if (at < 1) throw new Error(`--peer must be NAME=path/to/dist/index.js, got '${value}'`)
  if (!existsSync(path)) throw new Error(`--peer ${value.slice(0, at)}: there is no file '${basename(path)}' at ${path}`)
  return { name: value.slice(0, at), entry: path }
}
