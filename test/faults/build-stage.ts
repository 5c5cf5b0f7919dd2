import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ECRClient, paginateListImages } from '@aws-sdk/client-ecr'
import type { Step } from '../../local/github/step.ts'
import { account, type BuildWorld, region, startBuildWorld } from '../build-world.ts'
import { stepRules } from './deploy-objections.ts'
import { jobOf, requestToken, roleIn } from './identity.ts'
import { filesIn } from './leaks.ts'
import { quick, type Stage } from './stage.ts'

const BUNDLE = join(import.meta.dirname, '..', '..', 'actions', 'build-push-image', 'dist', 'index.js')

/** Programs note what they were given; then git is git, and docker copies a layout. */
const NOTE = `env > "$(dirname "$0")/environment.$$"; tr '\\0' ' ' < /proc/$PPID/cmdline > "$(dirname "$0")/arguments.$$"`

export type BuildScenario = {
  /** The repository already has the image, without the further tag. */
  there: boolean
  inputs?: Record<string, string>
}

/** A repository in ECR and a commit whose image is wanted in it. */
export const buildStage = async ({ there, inputs = {} }: BuildScenario): Promise<Stage> => {
  const role = roleIn(account)
  const world = await startBuildWorld({ roles: [role] })
  const { root } = world.willBuild()
  if (there) await world.run({ repository: inputs['repository'] ?? 'shop/app' })
  world.script(NOTE)
  const git = join(world.bin, 'git')
  writeFileSync(git, `#!/bin/sh\n${NOTE}\nPATH=\${PATH#*:} exec git "$@"\n`)
  chmodSync(git, 0o755)
  const base = mkdtempSync(join(tmpdir(), 'fault-'))
  const folders = { HOME: join(base, 'home') }
  mkdirSync(folders.HOME)
  const secrets: string[] = []
  const repositories = ['shop/app', 'shop/moving']

  return {
    cloud: world.cloud,
    start: (attempt) => {
      const job = jobOf(world.cloud, attempt)
      secrets.push(requestToken(job))
      const given = { 'role-to-assume': role.arn, 'request-timeout': '1s', ...inputs }
      return world.start(given, { ...job, ...folders, ...quick }, BUNDLE)
    },
    conclude: async (step) => {
      const images = await Promise.all(repositories.map(async (name) => [name, await imagesOf(world, name)] as const))
      const found = Object.fromEntries(images)
      // Every stage has an image of its own.
      const state = JSON.parse(JSON.stringify(found).replaceAll(root.digest, 'the image'))
      return { state, objections: objections(world, step, found, root.digest) }
    },
    secrets: () => [...secrets, ...world.cloud.secrets()],
    traces: () => [
      ...world.dockerCalls(),
      ...filesIn(folders.HOME),
      ...filesIn(world.bin).filter((text) => !text.startsWith('#!')),
    ],
    close: async () => {
      await world.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** Each image by its digest, with its tags. */
const imagesOf = async ({ cloud }: BuildWorld, repositoryName: string): Promise<Record<string, string[]>> => {
  const client = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const images: Record<string, string[]> = {}
  for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName })) {
    for (const { imageTag, imageDigest = '' } of imageIds) {
      images[imageDigest] = [...(images[imageDigest] ?? []), ...(imageTag === undefined ? [] : [imageTag])].toSorted()
    }
  }
  return images
}

const objections = (world: BuildWorld, step: Step, state: Record<string, Record<string, string[]>>, digest: string): string[] => {
  const { result } = step.outputs
  const isGreen = result !== undefined
  const tagged = Object.values(state).flatMap((images) => Object.entries(images).filter(([, tags]) => tags.length > 0))
  const isThere = tagged.some(([each, tags]) => each === digest && tags.includes(step.outputs['tag'] ?? ''))
  const rules: [broken: boolean, objection: string][] = [
    ...stepRules(step, isGreen),
    [isGreen && step.outputs['digest'] !== digest, 'green with another digest'],
    [isGreen && !isThere, 'green, but the content tag is not on the image'],
    [!isGreen && Object.keys(step.outputs).length > 0, 'red with outputs'],
    [tagged.some(([each]) => each !== digest), 'a tag is on something else'],
    [world.leftovers().length > 0, `left behind: ${world.leftovers().join(', ')}`],
  ]
  return rules.flatMap(([broken, objection]) => (broken ? [objection] : []))
}
