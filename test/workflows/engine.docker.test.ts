import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baseImage } from '../../local/engine/base-image.ts'
import { type Engine, ensureEngine } from '../../local/engine/engine.ts'
import { builds, changeApp, mergeAndDeliver, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

const root = join(import.meta.dirname, '..', '..')
const home = join(root, '.slipway')
const say = (line: string): void => console.error(line)

/** Says which image it is of; nothing is installed while it is built. */
const server = `
const answer = { note: require('node:fs').readFileSync('/srv/src/note.txt', 'utf8').trim(), version: process.env.VERSION }
const server = require('node:http').createServer((request, response) => response.end(JSON.stringify(answer)))
server.listen(8080)
process.on('SIGTERM', () => process.exit(0))
`

let engine: Engine
let world: WorkflowWorld
beforeAll(async () => {
  engine = await ensureEngine({ home, say, install: true })
  const base = await baseImage(engine, { dockerfile: join(root, 'app/Dockerfile'), home, say })
  const from = base ?? 'public.ecr.aws/docker/library/node:24-slim'
  const dockerfile = `FROM ${from}\nARG VERSION\nENV VERSION=\${VERSION}\nCOPY . /srv\nCMD ["node", "/srv/server.cjs"]\n`
  world = await startWorkflowWorld({
    engine,
    withoutPreDeploy: true,
    files: { 'app/Dockerfile': dockerfile, 'app/server.cjs': server },
  })
})
afterAll(async () => {
  await world?.close()
  await engine?.stop()
})

const answer = async (name: string): Promise<unknown> => {
  const environment = world.setting.environments.find((each) => each.name === name)
  const [service] = environment?.services ?? []
  if (environment === undefined || service === undefined) throw new Error(`${name} has no service`)
  return (await fetch(world.address(environment, service))).json()
}

test('with real containers: built once by docker, and the same image answers in two environments', async () => {
  changeApp(world, 'really')
  expect((await push(world, 'dev')).jobs).toMatchObject({
    plan: 'success',
    build: 'success',
    deploy: 'success',
    propose: 'success',
  })
  expect((await mergeAndDeliver(world, 'dev', 'staging')).jobs).toMatchObject({ build: 'skipped', deploy: 'success' })
  expect(builds(world)).toBe(1)
  const releases = await Promise.all(['dev', 'staging'].map((name) => world.release(name)))
  const [image, same] = releases.map(({ images }) => images['app'])
  expect(same).toEqual(image)
  for (const name of ['dev', 'staging']) expect(await answer(name)).toEqual({ note: 'really', version: image?.tag })
})
